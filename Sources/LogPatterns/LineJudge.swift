/// Judges the lines in which a literal was found, and remembers what they said.
struct LineJudge {
  private let catalogue: Catalogue
  private var sightings: [Int: Sighting] = [:]
  private var statements: [String: (text: String, sighting: Sighting)] = [:]
  private var block: Block?
  /// Whether the last line of a block closed it, and is no line of its own.
  private(set) var endedBlock = false
  /// The line that holds a payload, so that its later parts are not taken for messages.
  private var payloadLine = 0

  var isInBlock: Bool { block != nil }

  init(_ catalogue: Catalogue) {
    self.catalogue = catalogue
  }

  /// Reads a line, or the part of a long one round the literals that it holds.
  mutating func read(_ raw: Slice<UnsafeBufferPointer<UInt8>>, number: Int, _ anchors: Set<Int>) {
    let candidates = catalogue.candidates(anchors)
    let text = LineText(raw)
    var opensBlock = false
    for line in text.lines {
      let seen = read(line, number, candidates)
      opensBlock =
        opensBlock || seen.contains("node-payload") || seen.contains("tracer-configuration")
    }
    if opensBlock { openBlock(text, number) }
  }

  /// - Returns: the patterns that were seen.
  private mutating func read(
    _ line: ArraySlice<UInt8>, _ number: Int, _ candidates: [Int]
  ) -> Set<String> {
    var seen: Set<String> = []
    var isHarmless = false
    for index in candidates {
      let pattern = catalogue.patterns[index]
      guard let range = range(of: pattern, in: line, number, seen) else { continue }
      switch pattern.kind {
      case .failure:
        guard !isHarmless, isSaid(range, in: line, number) else { continue }
        note(index, number, line, range)
        seen.insert("*")
      case .harmless: isHarmless = true
      case .proof, .marker: note(index, number, line, range)
      }
      seen.insert(pattern.id)
    }
    if seen.contains("node-payload") {
      payloadLine = number
      if line.holds("\"name\":\"openai.request\"") { noteSpan(number) }
    } else if number == payloadLine, isSpanName(line) {
      noteSpan(number)
    }
    if seen.contains("tracer-configuration"), let found = TracerConfiguration(line) {
      state("tracer-configuration", found.statement, number)
    }
    return seen
  }

  /// Whether the tracer says it, and no user or model inside a payload.
  private func isSaid(_ range: Range<Int>, in line: ArraySlice<UInt8>, _ number: Int) -> Bool {
    number != payloadLine && range.lowerBound < Excerpt.payload(in: line) ?? .max
  }

  /// Where a pattern stands in a line, if it stands there in earnest.
  private func range(
    of pattern: Pattern, in line: ArraySlice<UInt8>, _ number: Int, _ seen: Set<String>
  ) -> Range<Int>? {
    for shape in pattern.shapes {
      var start = line.startIndex
      var attempts = 0
      while attempts < 16, let range = shape.match(line, from: start) {
        attempts += 1
        let placement = Placement(line, range)
        if holds(pattern, placement, line, number, seen) { return range }
        start = range.lowerBound + 1
      }
    }
    return nil
  }

  private func holds(
    _ pattern: Pattern, _ placement: Placement, _ line: ArraySlice<UInt8>, _ number: Int,
    _ seen: Set<String>
  ) -> Bool {
    let rules = pattern.rules
    guard rules.contains(.anywhere) ? placement.isPlausible : placement.beginsMessage else {
      return false
    }
    // Clients log their own refusals at INFO; who traces does not.
    guard rules.contains(.atAnyLevel) || pattern.writer == .openai || !placement.isInformation
    else { return false }
    return rules.allSatisfy { rule in
      switch rule {
      case .anywhere, .atAnyLevel: true
      case .alone: placement.isAlone
      case .with(let parts): parts.contains { line.holds($0) }
      case .without(let parts): !parts.contains { line.holds($0) }
      case .after(let id, let lines):
        catalogue.index(of: id).flatMap { sightings[$0] }.map { number - $0.last <= lines } ?? false
      case .yields(let ids): seen.isDisjoint(with: ids)
      }
    }
  }

  private mutating func note(
    _ index: Int, _ number: Int, _ line: ArraySlice<UInt8>, _ range: Range<Int>
  ) {
    guard sightings[index] == nil else {
      sightings[index]?.add(number)
      return
    }
    sightings[index] = Sighting(number, Excerpt.text(line, range))
  }

  private mutating func state(_ id: String, _ text: String, _ number: Int) {
    guard statements[id] == nil else {
      statements[id]?.sighting.add(number)
      return
    }
    statements[id] = (text, Sighting(number))
  }

  private mutating func noteSpan(_ number: Int) {
    state(
      "node-openai-span",
      "dd-trace encoded an openai.request span: the OpenAI integration works."
        + " It proves instrumentation, not delivery",
      number)
  }

  private func isSpanName(_ line: ArraySlice<UInt8>) -> Bool {
    catalogue.spanName.match(line, from: line.startIndex) != nil
  }
}

// MARK: Over many lines

extension LineJudge {
  /// A pretty-printed text that began on one line and ends on another.
  struct Block {
    enum Kind { case payload, configuration }
    let kind: Kind
    /// What a collector writes in front of each line, in bytes.
    let prefix: Int
    let first: Int
    var text: [UInt8] = []
    var lines = 0
  }

  private mutating func openBlock(_ text: LineText, _ number: Int) {
    for line in text.lines {
      let isOpen = line.last { !Byte.isBlank($0) && $0 != UInt8(ascii: "\"") }
      if let start = line.position(of: "Encoding payload: "), isOpen == UInt8(ascii: "[") {
        block = Block(kind: .payload, prefix: start - line.startIndex, first: number)
      } else if let start = line.position(of: "DATADOG TRACER CONFIGURATION"),
        isOpen == UInt8(ascii: "{")
      {
        let isTable = line[start...].holds("=>")
        block = Block(
          kind: .configuration, prefix: isTable ? 0 : start - line.startIndex, first: number)
      }
    }
  }

  /// Reads a line of the block; a line that can't belong to it ends it.
  mutating func readBlockLine(_ raw: Slice<UnsafeBufferPointer<UInt8>>, number: Int) {
    guard var open = block else { return }
    let text = LineText(raw)
    let line = text.bytes[...].prefix { $0 != Byte.newline }
    let content = line.dropFirst(open.prefix).drop(while: Byte.isBlank)
    let isInside = content.first.map { "{}[]\"'-0123456789tfn,".utf8.contains($0) } ?? false
    open.lines += 1
    endedBlock = false
    guard isInside, open.lines < 100_000 else {
      block = nil
      return
    }
    switch open.kind {
    case .payload:
      if isSpanName(line) { noteSpan(number) }
      endedBlock = content.first == UInt8(ascii: "]") && line.dropFirst(open.prefix).first == 0x5D
    case .configuration:
      if open.text.count < 64 << 10 { open.text += content + [Byte.blank] }
      endedBlock =
        content.first == UInt8(ascii: "}") && line.dropFirst(open.prefix).first == content.first
      if endedBlock, let found = TracerConfiguration(body: open.text[...]) {
        state("tracer-configuration", found.statement, open.first)
      }
    }
    block = endedBlock ? nil : open
  }
}

// MARK: Results

extension LineJudge {
  func results(file: String?) -> (findings: [LogFinding], proofs: [LogProof]) {
    var findings: [LogFinding] = []
    var proofs: [LogProof] = []
    for (index, sighting) in sightings {
      let pattern = catalogue.patterns[index]
      switch pattern.kind {
      case .failure(let explanation):
        findings.append(
          LogFinding(
            id: pattern.id, checkID: explanation.check,
            failureClass: explanation.failureClass, writer: pattern.writer,
            count: sighting.count, firstLine: sighting.first, lastLine: sighting.last,
            excerpt: sighting.excerpt, cause: explanation.cause, remedies: explanation.remedies,
            docs: explanation.docs, file: file))
      case .proof(let statement):
        proofs.append(proof(pattern.id, statement, sighting, file))
      case .harmless, .marker: continue
      }
    }
    proofs += statements.map { proof($0.key, $0.value.text, $0.value.sighting, file) }
    return (
      findings.sorted { ($0.firstLine, $0.id) < ($1.firstLine, $1.id) },
      proofs.sorted { ($0.firstLine, $0.id) < ($1.firstLine, $1.id) }
    )
  }

  private func proof(
    _ id: String, _ statement: String, _ sighting: Sighting, _ file: String?
  ) -> LogProof {
    LogProof(
      id: id, statement: statement, count: sighting.count, firstLine: sighting.first,
      lastLine: sighting.last, file: file)
  }
}
