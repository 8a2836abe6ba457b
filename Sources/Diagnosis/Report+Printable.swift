extension Report {
  /// The report with nothing in its texts that could move a terminal, break a line or hide text.
  ///
  /// Evidence and messages quote strangers: ports, variables, files. Reports for people are made
  /// of this; JSON has escapes of its own.
  package var printable: Report {
    var copy = self
    copy.setup.name = oneLine(setup.name)
    copy.setup.language = setup.language.map(oneLine)
    copy.setup.detectedFrom = setup.detectedFrom.map(oneLine)
    copy.source = Source(kind: oneLine(source.kind), name: oneLine(source.name))
    copy.tracer.service = tracer.service.map(oneLine)
    copy.tracer.env = tracer.env.map(oneLine)
    copy.tracer.version = tracer.version.map(oneLine)
    copy.tracer.tags = tracer.tags.map(oneLine)
    copy.agent.url = agent.url.map(oneLine)
    copy.agent.version = agent.version.map(oneLine)
    copy.agent.error = agent.error.map(oneLine)
    copy.delivery.rungs = delivery.rungs.map { .init($0.name, $0.status, oneLine($0.reason)) }
    copy.checks = checks.map(\.printable)
    return copy
  }
}

extension Finding {
  fileprivate var printable: Finding {
    var copy = self
    copy.id = CheckID(oneLine(id.rawValue))
    copy.title = oneLine(title)
    copy.group = oneLine(group)
    copy.message = oneLine(message)
    copy.evidence = evidence.map { evidence in
      Evidence(
        oneLine(evidence.name), measured: oneLine(evidence.measured),
        expected: oneLine(evidence.expected), source: oneLine(evidence.source))
    }
    copy.remedies = remedies.map { remedy in
      Remedy(
        kind: remedy.kind, text: oneLine(remedy.text), variable: remedy.variable.map(oneLine),
        value: remedy.value.map(oneLine), command: remedy.command.map(oneLine))
    }
    copy.docs = oneLine(docs)
    copy.blockedBy = blockedBy.map { CheckID(oneLine($0.rawValue)) }
    return copy
  }
}

/// Text on one line, its controls and what turns or hides the text around it written out.
private func oneLine(_ text: String) -> String {
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

private func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
  guard scalar.value >= 0x7F else { return scalar.value < 0x20 }
  return switch scalar.properties.generalCategory {
  case .control, .format, .lineSeparator, .paragraphSeparator: true
  default: false
  }
}
