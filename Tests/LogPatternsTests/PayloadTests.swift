import LogPatterns
import Testing

/// What is read over several lines, and what is never shown.
@Suite struct PayloadTests {
  /// Failures that more than one line tells.
  static let overLines: Set<String> = ["python-float-malformed", "node-url-malformed"]

  @Test func `a float is malformed only inside a frame of ddtrace`() {
    let text = """
      Traceback (most recent call last):
        File "/srv/venv/lib/python3.11/site-packages/ddtrace/llmobs/_llmobs.py", line 12, in enable
          rate = float(value)
      ValueError: could not convert string to float: 'abc'
      """
    #expect(ids(text) == ["python-float-malformed"])
    #expect(ids("ValueError: could not convert string to float: 'abc'") == [])
  }

  @Test func `an invalid URL is the tracer's only where the tracer stands in the stack`() {
    let error =
      "TypeError [ERR_INVALID_URL]: Invalid URL\n    at new URL (node:internal/url:797:36)\n"
    let frame =
      "    at Config (/srv/app/node_modules/dd-trace/packages/dd-trace/src/config.js:12:5)"
    #expect(ids(error + frame) == ["node-url-malformed"])
    #expect(ids(error) == [])
    #expect(ids(frame) == [])
  }

  private static let span = """
    {
      "trace_id": "12",
      "name": "openai.request",
      "meta": {
        "openai.request.messages.0.content": "failed to send, dropping 1 traces to http://a: timed out",
        "error.message": "Incorrect API key provided: abc"
      }
    }
    """

  private static var pretty: String {
    let body = span.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n")
    return "Encoding payload: [\n\(body)\n]"
  }

  @Test(arguments: [
    "", "2026-11-25T10:00:00.000000001Z stdout F ", "web-1  | ", "[app] ",
  ])
  func `a pretty-printed payload proves instrumentation and is no finding`(prefix: String) {
    let lines = Self.pretty.split(separator: "\n").map { prefix + $0 }
    let after = "failed to send, dropping 1 traces to intake at http://a:8126: timed out"
    let text = (lines + [after]).joined(separator: "\n")
    #expect(proofs(text) == ["node-openai-span"])
    #expect(ids(text) == ["python-send-timeout"])
    #expect(scan(text).results().findings.map(\.firstLine) == [lines.count + 1])
  }

  @Test func `a payload on one line proves it too, escaped or not, however long`() {
    let span = #"{"name":"openai.request","meta":{"a":"Missing scopes: model.request"}}"#
    let escaped = span.replacing("\"", with: "\\\"")
    let filler = String(repeating: "x", count: 300_000)
    for text in [
      "Encoding payload: [\(span)]", "{\"log\":\"Encoding payload: [\(escaped)]\\n\"}",
      "Encoding payload: [{\"name\":\"http.request\",\"meta\":{\"a\":\"\(filler)\"}},\(span)]",
    ] {
      #expect(proofs(text) == ["node-openai-span"], "\(text.prefix(80))")
      #expect(ids(text) == [], "\(text.prefix(80))")
    }
    #expect(proofs("Encoding payload: [{\"name\":\"web.request\"}]") == [])
    #expect(proofs("Look for \"name\":\"openai.request\" in the payload") == [])
  }

  @Test func `the tracer's configuration is told, of Python, Node and PHP`() throws {
    let python =
      "- DATADOG TRACER CONFIGURATION - {'lang': 'python', 'version': '4.16.0', 'agent_url':"
      + " 'http://localhost:8126', 'agent_error': None, 'service': 'shop', 'env': 'prod',"
      + " 'integrations': {'openai': {'enabled': True, 'instrumented': True}}}"
    let node =
      #"DATADOG TRACER CONFIGURATION - {"lang":"nodejs","version":"6.12.0","enabled":true,"#
      + #""service":"shop","agent_url":"http://u:geheim@127.0.0.1:8126"}"#
    let php = """
      DATADOG TRACER CONFIGURATION => {
          "lang": "php",
          "version": "1.24.1",
          "enabled": true,
          "service": "shop",
          "agent_url": "http://localhost:8126"
      }
      Diagnostic checks => passed
      """
    let statements = try [python, node, php].map { text in
      #expect(ids(text) == [])
      return try #require(
        scan(text).results().proofs.first { $0.id == "tracer-configuration" }?.statement)
    }
    #expect(statements[0].contains("python tracer 4.16.0"))
    #expect(statements[0].contains("openai integration armed"))
    #expect(statements[1].contains("nodejs") && !statements[1].contains("geheim"))
    #expect(statements[2].contains("php") && statements[2].contains("service shop"))
  }

  @Test func `phpinfo is read as text and as HTML`() {
    for (value, found) in [("failed", ["php-diagnostics-failed"]), ("passed", [])] {
      let text = "ddtrace\nVersion => 1.24.1\nDiagnostic checks => \(value)\n"
      let page =
        "<tr><td class=\"e\">Version </td><td class=\"v\">1.24.1 </td></tr>\n"
        + "<tr><td class=\"e\">Diagnostic checks </td><td class=\"v\">\(value) </td></tr>\n"
      #expect(ids(text) == found)
      #expect(ids(page) == found)
      #expect(proofs(page) == (value == "passed" ? ["php-diagnostics-passed"] : []))
    }
    let row =
      "<tr><td class='e'>agent_error</td><td class='v' style='background-color:#f0e881;'>"
      + "Failed to connect to localhost port 8126: Connection refused</td></tr>"
    #expect(ids(row) == ["php-agent-error"])
  }

  @Test(arguments: [
    "Incorrect API key provided: hunter2hunter2. You can find your API key at https://a",
    "openai.AuthenticationError: Error code: 401 - {'error': {'message': 'Incorrect API key"
      + " provided: hunter2hunter2', 'code': 'invalid_api_key'}}",
    "failed to send, dropping 1 traces to intake at http://u:hunter2hunter2@a:8126: timed out",
    "Missing scopes: model.request {'messages': [{'content': 'hunter2hunter2'}]}",
    "ERROR DD_API_KEY=hunter2hunter2 API Key invalid, dropping transaction for https://a",
    "API Key invalid, dropping transaction for https://a/v1/series?api_key=hunter2hunter2",
    "httpcore.LocalProtocolError: Illegal header value b'Bearer hunter2hunter2\\n'",
    "httpx: Missing scopes: model.request while POST {\"input\": \"hunter2hunter2\"}",
  ])
  func `an excerpt shows no key and nothing that was said`(line: String) throws {
    let finding = try #require(scan(line).results().findings.first)
    #expect(!finding.excerpt.contains("hunter2"), "\(finding.excerpt)")
    #expect(!finding.excerpt.isEmpty)
  }
}
