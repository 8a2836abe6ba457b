extension Report {
  /// The report with nothing in its texts that could move a terminal, break a line or hide text.
  ///
  /// Evidence and messages quote strangers: ports, variables, files. Reports for people are made
  /// of this; JSON has escapes of its own.
  package var printable: Report {
    var copy = self
    copy.tool = Tool(name: visible(tool.name), version: visible(tool.version))
    copy.runID = visible(runID)
    copy.setup.name = visible(setup.name)
    copy.setup.language = setup.language.map(visible)
    copy.setup.detectedFrom = setup.detectedFrom.map(visible)
    copy.source = Source(kind: visible(source.kind), name: visible(source.name))
    copy.tracer?.service = tracer?.service.map(visible)
    copy.tracer?.env = tracer?.env.map(visible)
    copy.tracer?.version = tracer?.version.map(visible)
    copy.tracer?.tags = tracer?.tags.map(visible)
    copy.agent.url = agent.url.map(visible)
    copy.agent.version = agent.version.map(visible)
    copy.agent.error = agent.error.map(visible)
    copy.delivery.rungs = delivery.rungs.map { .init($0.name, $0.status, visible($0.reason)) }
    copy.checks = checks.map(\.printable)
    copy.onboarding?.next = onboarding?.next?.printable
    return copy
  }
}

extension Finding {
  fileprivate var printable: Finding {
    var copy = self
    copy.id = CheckID(visible(id.rawValue))
    copy.title = visible(title)
    copy.group = visible(group)
    copy.message = visible(message)
    copy.evidence = evidence.map { evidence in
      Evidence(
        visible(evidence.name), measured: visible(evidence.measured),
        expected: visible(evidence.expected), source: visible(evidence.source))
    }
    copy.remedies = remedies.map(\.printable)
    copy.docs = visible(docs)
    copy.blockedBy = blockedBy.map { CheckID(visible($0.rawValue)) }
    return copy
  }
}

extension Remedy {
  fileprivate var printable: Remedy {
    Remedy(
      kind: kind, text: visible(text), variable: variable.map(visible), value: value.map(visible),
      command: command.map(visible))
  }
}

/// Text on one line, its controls and what turns or hides the text around it written out.
package func visible(_ text: String) -> String {
  if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text }
  guard text.unicodeScalars.contains(where: isUnsafe) else { return text }
  var line = ""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\n": line += "\\n"
    case "\r": line += "\\r"
    case "\t": line += "\\t"
    case _ where isUnsafe(scalar): line += "\\u{\(String(scalar.value, radix: 16))}"
    default: line.unicodeScalars.append(scalar)
    }
  }
  return line
}

/// Controls, marks of direction, what has no width, and what XML and HTML forbid.
private func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case 0..<0x20, 0x7F..<0xA0, 0xAD, 0x61C, 0x180E: true
  case 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF, 0xFFF9...0xFFFB: true
  case 0xFDD0...0xFDEF, 0xE0000...0xE0FFF: true
  default: scalar.value & 0xFFFE == 0xFFFE
  }
}
