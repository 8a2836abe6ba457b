import Testing
import Wire

@Suite struct PHPInfoTests {
  private static let text = """
    ddtrace

    Datadog PHP tracer extension
    For help, check out the documentation at https://docs.datadoghq.com/tracing/languages/php/
    (c) Datadog 2020

    Datadog tracing support => enabled
    Version => 1.24.1
    DATADOG TRACER CONFIGURATION => {
        "date": "2026-11-25T12:00:00Z",
        "agent_url": "http://localhost:8126"
    }

                                   Diagnostics
    agent_error => Failed to connect to localhost port 8126: Connection refused
    datadog.trace.sources_path_reachable => false
    Diagnostic checks => failed

    Directive => Local Value => Master Value
    datadog.trace.enabled => On => On
    """

  @Test func `the text of php --ri is read`() {
    let info = PHPInfo(Self.text)
    #expect(info.support == "enabled")
    #expect(info.version == "1.24.1")
    #expect(info.verdict == "failed")
    #expect(
      info.diagnostics == [
        .init("agent_error", "Failed to connect to localhost port 8126: Connection refused"),
        .init("datadog.trace.sources_path_reachable", "false"),
      ])
    #expect(!info.isAbsent && info.loadingError == nil)
  }

  @Test func `other modules' rows of a whole page are passed over`() {
    let page = """
      PHP Version => 8.2.1
      curl

      Version => 8.5.0
      Diagnostics
      odd => row

      \(Self.text)

      dom
      Version => 9
      """
    let info = PHPInfo(page)
    #expect(info.version == "1.24.1")
    #expect(info.diagnostics.count == 2)
  }

  @Test func `a page in HTML is read as its text`() {
    let page = """
      <h2><a name="module_ddtrace">ddtrace</a></h2>
      <table><tr><td class="e">Datadog tracing support </td><td class="v">enabled </td></tr>
      <tr><td class="e">Version </td><td class="v">1.24.1 </td></tr></table>
      <table><tr class="h"><th>Diagnostics</th></tr>
      <tr><td class='e'>agent_error</td><td class='v' style='background-color:#f0e881;'>Couldn&#039;t connect to server</td></tr>
      <tr><td class="e">Diagnostic checks </td><td class="v">failed </td></tr></table>
      """
    let info = PHPInfo(page)
    #expect(info.support == "enabled")
    #expect(info.version == "1.24.1")
    #expect(info.verdict == "failed")
    #expect(info.diagnostics == [.init("agent_error", "Couldn't connect to server")])
  }

  @Test(arguments: ["", "hello", "<tr", "<tr><td", "a => b", "Diagnostic checks => passed"])
  func `what is no page says nothing`(text: String) {
    let info = PHPInfo(text)
    #expect(info.support == nil && info.verdict == nil && info.diagnostics.isEmpty)
  }

  @Test func `an absent extension and its cause are told apart`() {
    let warning = "PHP Warning:  PHP Startup: Unable to load dynamic library 'ddtrace.so'"
    #expect(PHPInfo("Extension 'ddtrace' not present.").isAbsent)
    #expect(PHPInfo("Extension 'ddtrace' not present.").loadingError == nil)
    #expect(PHPInfo(warning + "\nExtension 'ddtrace' not present.").loadingError == warning)
    #expect(
      PHPInfo("Unable to load dynamic library 'xdebug.so'").loadingError == nil)
  }
}
