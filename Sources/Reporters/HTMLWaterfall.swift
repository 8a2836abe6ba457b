import Diagnosis

/// Every exchange with its phases on one scale of time.
struct HTMLWaterfall: Sendable {
  private let exchanges: [Transfer]
  /// Milliseconds that the whole width stands for.
  private let scale: Double

  init(_ exchanges: [Transfer]) {
    self.exchanges = exchanges
    let longest = exchanges.map { Self.length($0) }.max() ?? 0
    scale = max(longest, 0.001)
  }

  var markup: Markup {
    let present = Phase.allCases.filter { phase in
      exchanges.contains { exchange in Self.parts(exchange).contains { $0.phase == phase } }
    }
    let legend = present.map { phase in
      """
      <li><svg class="swatch" viewBox="0 0 12 12" aria-hidden="true">\
      <rect class="\(phase.rawValue)" width="12" height="12" rx="2"/></svg>\(phase.label)</li>

      """ as Markup
    }
    return """
      <ul class="legend">
      \(legend)<li class="scale">full width: \(decimal(scale, places: 2)) ms</li>
      </ul>
      <ol class="waterfall">
      \(exchanges.map(row))</ol>

      """
  }

  private enum Phase: String, CaseIterable {
    case dns, connect, tls, wait, rest, lost

    var label: String {
      switch self {
      case .dns: "DNS"
      case .connect: "connect"
      case .tls: "TLS"
      case .wait: "first byte"
      case .rest: "the rest"
      case .lost: "until it failed"
      }
    }
  }

  private struct Part {
    let phase: Phase
    let milliseconds: Double
  }

  private static func parts(_ exchange: Transfer) -> [Part] {
    let phases = exchange.phases
    let known: [(Phase, Double?)] = [
      (.dns, phases.dns), (.connect, phases.connect), (.tls, phases.tls), (.wait, phases.firstByte),
    ]
    let parts = known.compactMap { phase, milliseconds in
      milliseconds.flatMap { valid($0) > 0 ? Part(phase: phase, milliseconds: valid($0)) : nil }
    }
    let rest = valid(phases.total) - parts.reduce(0) { $0 + $1.milliseconds }
    guard rest > 0 else { return parts }
    return parts + [Part(phase: exchange.error == nil ? .rest : .lost, milliseconds: rest)]
  }

  private static func length(_ exchange: Transfer) -> Double {
    max(valid(exchange.phases.total), parts(exchange).reduce(0) { $0 + $1.milliseconds })
  }

  /// A report may come from anywhere.
  private static func valid(_ milliseconds: Double) -> Double {
    milliseconds.isFinite ? min(max(milliseconds, 0), 1e9) : 0
  }

  private func row(_ exchange: Transfer) -> Markup {
    let parts = Self.parts(exchange)
    let words = parts.map { "\($0.phase.label) \(decimal($0.milliseconds, places: 2))" }
      .joined(separator: " · ")
    var start = 0.0
    let bars = parts.map { part -> Markup in
      let x = start / scale * 1000
      let width = max(part.milliseconds / scale * 1000, 1.5)
      start += part.milliseconds
      return """
        <rect class="\(part.phase.rawValue)" x="\(decimal(x, places: 1))" y="0"\
         width="\(decimal(width, places: 1))" height="10"/>

        """
    }
    let isBad = exchange.error != nil || (exchange.status ?? 0) >= 400
    let answer = exchange.error ?? exchange.status.map(String.init) ?? "sent"
    return """
      <li>
      <p class="what"><span class="question">\(exchange.question)</span> \
      <span class="url">\(exchange.url)</span></p>
      <p class="answer\(isBad ? " bad" : "")">\(answer)</p>
      <svg class="bar" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">
      \(bars)</svg>
      <p class="numbers"><span>\(decimal(Self.length(exchange), places: 2)) ms</span> \
      \(words.isEmpty ? "" : words + " · ")\
      \(exchange.sent) B sent, \(exchange.received) B received</p>
      </li>

      """
  }
}
