import Diagnosis

/// Draws the way of telemetry in SVG: in a row for wide pages, in a column for narrow ones.
struct HTMLPipeline: Sendable {
  private let pipeline: Pipeline
  private let isColumn: Bool

  static func draw(_ pipeline: Pipeline) -> Markup {
    HTMLPipeline(pipeline: pipeline, isColumn: false).picture
      + HTMLPipeline(pipeline: pipeline, isColumn: true).picture
  }

  private init(pipeline: Pipeline, isColumn: Bool) {
    self.pipeline = pipeline
    self.isColumn = isColumn
  }

  private struct Box {
    var x: Int
    var y: Int
    var width: Int
    var height: Int

  }

  private struct Point {
    var x: Int
    var y: Int
  }

  /// Between two boxes: from one's side to the other's, or down from the first one's corner.
  private struct Line {
    let start: Point
    let end: Point
    let isDown: Bool

    init(_ from: Box, _ to: Box) {
      isDown = to.y > from.y
      start =
        isDown
        ? Point(x: from.x + 44, y: from.y + from.height + 6)
        : Point(x: from.x + from.width + 8, y: from.y + from.height / 2)
      end = isDown ? Point(x: start.x, y: to.y - 6) : Point(x: to.x - 8, y: start.y)
    }

    var middle: Point { Point(x: (start.x + end.x) / 2, y: (start.y + end.y) / 2) }
  }

  private var picture: Markup {
    let top = isColumn && pipeline.openAI != nil ? Self.height + Self.gap : 0
    let boxes = pipeline.stops.indices.map { box($0, top) }
    var parts = zip(pipeline.stops, boxes).map { node($0, $1) }
    for (index, link) in pipeline.links.enumerated() where index + 1 < boxes.count {
      parts.append(self.link(link, from: boxes[index], to: boxes[index + 1]))
    }
    var height = (boxes.last?.y ?? 0) + Self.height + 2
    if let openAI = pipeline.openAI, let first = boxes.first {
      // Below the application; in a column above it, where no other stop is in the way.
      let y = isColumn ? 1 : height - 2 + Self.gap
      let aside = Box(x: first.x, y: y, width: first.width, height: Self.height)
      parts.append(node(openAI.stop, aside))
      parts.append(
        isColumn
          ? link(openAI.link, from: aside, to: first) : link(openAI.link, from: first, to: aside))
      height = max(height, y + Self.height + 2)
    }
    let width = isColumn ? 322 : 960
    return """
      <svg class="picture \(isColumn ? "column" : "row")" viewBox="0 0 \(width) \(height)"\
       role="img" aria-label="\(pipeline.description)">
      \(parts)</svg>

      """
  }

  private static let height = 100
  private static let gap = 62

  private func box(_ index: Int, _ top: Int) -> Box {
    guard !isColumn else {
      let y = 1 + top + index * (Self.height + Self.gap)
      return Box(x: 1, y: y, width: 320, height: Self.height)
    }
    let count = max(pipeline.stops.count - 1, 1)
    return Box(x: 1 + index * (958 - 226) / count, y: 1, width: 226, height: Self.height)
  }

  private func node(_ stop: Pipeline.Stop, _ box: Box) -> Markup {
    let room = isColumn ? 34 : 23
    let lines = stop.lines.enumerated().map { index, line in
      """
      <text class="\(index == 0 ? "mono" : "faint")" x="\(box.x + 18)"\
       y="\(box.y + 60 + index * 21)">\(shortened(line, to: room))</text>

      """ as Markup
    }
    let mark: Markup =
      if let status = stop.mark {
        """
        <use class="mark \(status.rawValue)" href="#i-\(status.rawValue)"\
         x="\(box.x + box.width - 38)" y="\(box.y + 16)" width="20" height="20"/>

        """
      } else {
        .empty
      }
    return """
      <g class="stop \(stop.mark?.rawValue ?? "dark")">
      <rect x="\(box.x)" y="\(box.y)" width="\(box.width)" height="\(box.height)" rx="10"/>
      <text class="name" x="\(box.x + 18)" y="\(box.y + 33)">\(stop.title)</text>
      \(lines)\(mark)</g>

      """
  }

  private func link(_ link: Pipeline.Link, from: Box, to: Box) -> Markup {
    let line = Line(from, to)
    let drawn = link.state == .broken ? broken(line) : whole(line)
    let label: Markup =
      line.isDown
      ? "<text class=\"label\" x=\"\(line.start.x + 22)\" y=\"\(line.middle.y + 5)\">"
      : """
      <text class="label" text-anchor="middle" x="\(line.middle.x)" y="\(line.middle.y - 20)">
      """
    return """
      <g class="link \(link.state.rawValue)">
      \(drawn)\(label)\(link.label)</text>
      </g>

      """
  }

  private func whole(_ line: Line) -> Markup {
    let end = line.end
    let tip: Markup =
      line.isDown
      ? "M\(end.x - 6) \(end.y - 8)L\(end.x) \(end.y)L\(end.x + 6) \(end.y - 8)"
      : "M\(end.x - 8) \(end.y - 6)L\(end.x) \(end.y)L\(end.x - 8) \(end.y + 6)"
    return """
      <path d="M\(line.start.x) \(line.start.y)L\(end.x) \(end.y)"/>
      <path class="tip" d="\(tip)"/>

      """
  }

  /// A line that stops at a cross, and what is left of its way.
  private func broken(_ line: Line) -> Markup {
    let (middle, gap) = (line.middle, 13)
    let (across, down) = line.isDown ? (0, gap) : (gap, 0)
    return """
      <path d="M\(line.start.x) \(line.start.y)L\(middle.x - across) \(middle.y - down)"/>
      <path class="beyond" d="M\(middle.x + across) \(middle.y + down)L\(line.end.x) \(line.end.y)"/>
      <circle cx="\(middle.x)" cy="\(middle.y)" r="11"/>
      <path class="cross" d="M\(middle.x - 4) \(middle.y - 4)l8 8m0 -8l-8 8"/>

      """
  }

  private func shortened(_ text: String, to limit: Int) -> String {
    let text = visible(text)
    return text.count <= limit ? text : String(text.prefix(limit - 1)) + "…"
  }
}
