import Diagnosis
import Foundation
import Reporters
import Testing

@Suite struct `A stranger's text can't inject` {
  private let hostile = FormatReports.hostile

  @Test func `no value adds a line that others grep for`() {
    var report = FormatReports.failing
    report.tracer?.service = "x\n    Agent error: None"
    report.setup.detectedFrom = ["x\n    Agent error: None"]
    for text in [InfoReporter().render(report), TextReporter().render(report)] {
      let lines = text.split(separator: "\n").filter { $0.hasPrefix("    Agent error: ") }
      #expect(lines.count == 1)
      #expect(!lines.contains("    Agent error: None"))
    }
  }

  @Test(arguments: FormatCase.all + FormatCase.terminal)
  func `no format lets a control or a mark of direction through`(format: FormatCase) throws {
    let text = try format.render(hostile)
    let hidden = text.unicodeScalars.filter { scalar in
      (scalar.value < 0x20 && scalar != "\n") || (0x7F..<0xA0).contains(scalar.value)
        || (0x202A...0x202E).contains(scalar.value) || scalar.value == 0xFFFE
    }
    #expect(hidden.isEmpty)
  }

  @Test func `workflow commands are ours alone, and a property ends where we end it`() {
    let lines = GitHubReporter().render(hostile).split(separator: "\n")
    #expect(lines.count == 2)
    for line in lines {
      let command = line.wholeMatch(of: /::(error|warning|notice) [a-z]+=[^:]*::.*/)
      #expect(command != nil)
      let properties = line.drop { $0 != " " }.dropFirst().prefix { $0 != ":" }
      for property in properties.split(separator: ",") {
        #expect(
          property.hasPrefix("file=") || property.hasPrefix("line=") || property.hasPrefix("title=")
        )
      }
    }
    #expect(!lines[0].contains("%0A ##"), "a stranger's %0A would be a line end")
    #expect(lines[0].contains("x%250A ##"))
  }

  @Test func `no test line, plan or directive is a stranger's in TAP`() {
    let lines = TAPReporter().render(hostile).split(separator: "\n")
    let tests = lines.filter { $0.hasPrefix("ok ") || $0.hasPrefix("not ok ") }
    #expect(tests.count == hostile.checks.count)
    #expect(lines.filter { $0.hasPrefix("1..") } == ["1..\(hostile.checks.count)"])
    let bare = tests[0].matches(of: /(^|[^\\])(\\\\)*#/)
    #expect(bare.isEmpty, "an unescaped # would begin a directive")
  }

  @Test func `a bar and a new line are ours alone in Nagios' output`() {
    let lines = NagiosReporter().render(hostile).split(separator: "\n")
    #expect(lines[0].filter { $0 == "|" }.count == 1)
    #expect(lines.dropFirst().allSatisfy { !$0.contains("|") })
    #expect(NagiosReporter.unknown(FormatReports.malice).split(separator: "\n").count == 1)
  }

  @Test func `a label's value ends where we end it`() {
    let line = /dd_doctor_[a-z_]+(\{([a-z_]+="([^"\\]|\\["\\n])*",?)*\})? [0-9.]+/
    // By scalars, for a quote with an accent is no quote to Swift's characters.
    for text in PrometheusReporter().render(hostile).split(separator: "\n")
    where !text.hasPrefix("#") {
      #expect(text.wholeMatch(of: line.matchingSemantics(.unicodeScalar)) != nil, "\(text)")
    }
  }

  @Test func `brackets make no link in SARIF, and a path no scheme`() throws {
    let text = try SARIFReporter().render(hostile)
    let log = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let run = try #require((log["runs"] as? [[String: Any]])?.first)
    let result = try #require((run["results"] as? [[String: Any]])?.first)
    let message = try #require((result["message"] as? [String: Any])?["text"] as? String)
    let bare = message.matches(of: /(^|[^\\])(\\\\)*\[/)
    #expect(bare.isEmpty)
    let found = text.firstMatch(of: /"uri" : "([^"]*)"/)
    let uri = try #require(found?.1)
    #expect(uri.hasPrefix("../a%20b%2Cc%3Ad"))
    #expect(!text.contains("\"javascript:"), "that is no page of ours")
  }

  @Test func `XML and HTML hold no element and no attribute of a stranger's`() {
    let junit = JUnitReporter().render(hostile)
    let html = HTMLReporter().render(hostile)
    // To Swift one character that is no quote, to a parser a quote and an accent.
    let accentedQuote = "\"\u{301}"
    for text in [junit, html] {
      #expect(!text.contains("<img"))
      #expect(!text.contains("<script>alert"))
      #expect(!text.contains("]]>"))
      #expect(!text.contains(accentedQuote))
    }
    #expect(html.ranges(of: "<script").count == 1)
    #expect(html.ranges(of: "</script").count == 1)
    #expect(!html.contains("href=\"javascript"))
    let links = html.matches(of: /href="([^"#]+)"/).map { String($0.1) }
    #expect(links.allSatisfy { $0 == "data:," }, "\(links)")
  }

  @Test func `Markdown keeps what could mean something in code`() {
    let rest = MarkdownProse.outsideCode(MarkdownReporter().render(hostile))
    for mark in ["@", "](", "http", "www.", "<script", "<img", "#12", "GH-1", "`", "-->", "&"] {
      #expect(!rest.contains(mark), "\(mark)")
    }
    let tags = rest.matches(of: /<[^>]*>/).map { String($0.0) }
    #expect(Set(tags) == ["<details>", "<summary>", "</summary>", "</details>"])
  }

  @Test func `a row of a Markdown table has as many cells as its head`() throws {
    var columns: Int?
    for line in MarkdownReporter().render(hostile).split(
      separator: "\n", omittingEmptySubsequences: false)
    {
      guard line.hasPrefix("|") else {
        columns = nil
        continue
      }
      let bars = MarkdownProse.cells(line)
      columns = columns ?? bars
      #expect(bars == columns, "\(line)")
    }
  }

  @Test(arguments: [
    ("https://docs.datadoghq.com/tracing/", true),
    ("https://app.datadoghq.com/apm/traces?query=a:b%20@c:d", true),
    ("http://docs.datadoghq.com/", false), ("javascript:alert(1)", false),
    ("https://docs.datadoghq.com.evil.example/", false),
    ("https://evil.example/https://docs.datadoghq.com/", false),
    ("https://evildatadoghq.com/", false), ("https://user@evil.example/.datadoghq.com", false),
    ("https://docs.datadoghq.com/\"onclick=\"x", false), ("https://docs.datadoghq.com/)[x", false),
  ])
  func `a link leads to pages that we point to, and nowhere else`(url: String, isTrusted: Bool) {
    let report = FormatReports.report(
      checks: [
        Finding(
          About(id: "a.b", title: "t", explanation: "", fix: "", docs: url), status: .failed,
          message: "m", failureClass: .refused, evidence: [Evidence("e", measured: "m")],
          remedies: [.advice("a")])
      ], rungs: [])
    #expect(HTMLReporter().render(report).contains("\">documentation</a>") == isTrusted)
    #expect(MarkdownReporter().render(report).contains("[documentation](<https://") == isTrusted)
  }
}

/// As much of Markdown as tells code from prose.
enum MarkdownProse {
  /// The text without its fences and code spans.
  static func outsideCode(_ markdown: String) -> String {
    var fence: String?
    var prose: [String] = []
    for line in markdown.split(separator: "\n", omittingEmptySubsequences: false) {
      let bare = line.drop { $0 == " " }
      let ticks = String(bare.prefix { $0 == "`" })
      if let open = fence {
        if ticks.count >= open.count, bare.count == ticks.count { fence = nil }
      } else if ticks.count >= 3, !bare.dropFirst(ticks.count).contains("`") {
        fence = ticks
      } else {
        prose.append(withoutSpans(String(line)))
      }
    }
    return prose.joined(separator: "\n")
  }

  private static func withoutSpans(_ line: String) -> String {
    var rest = ""
    var left = Substring(line)
    while let start = left.firstIndex(of: "`") {
      rest += left[..<start]
      let ticks = left[start...].prefix { $0 == "`" }
      var search = left[ticks.endIndex...]
      var end: Substring.Index?
      while let next = search.firstIndex(of: "`") {
        let run = search[next...].prefix { $0 == "`" }
        if run.count == ticks.count {
          end = run.endIndex
          break
        }
        search = search[run.endIndex...]
      }
      guard let end else { return rest + left[start...] }
      left = left[end...]
    }
    return rest + left
  }

  /// The bars that end a cell, as cmark-gfm reads a row: a backslash takes a mark with it.
  static func cells(_ line: Substring) -> Int {
    var count = 0
    var isEscaped = false
    for scalar in line.unicodeScalars {
      if isEscaped {
        isEscaped = false
      } else if scalar == "\\" {
        isEscaped = true
      } else if scalar == "|" {
        count += 1
      }
    }
    return count
  }
}
