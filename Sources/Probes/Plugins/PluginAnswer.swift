import Configuration

/// What a plug-in says of the report so far; a report holds it, so that it can be judged again.
package struct PluginAnswer: Question {
  package struct Answer: Codable, Equatable, Sendable {
    package var plugin: Plugin
    /// Nil where it was not run.
    package var said: ProgramAnswer?
    package var outcome: PluginOutcome?
    /// What is wrong with what it printed.
    package var flaw: String?

    package init(
      _ plugin: Plugin, said: ProgramAnswer? = nil, outcome: PluginOutcome? = nil,
      flaw: String? = nil
    ) {
      self.plugin = plugin
      self.said = said
      self.outcome = outcome
      self.flaw = flaw
    }
  }

  /// What every key of such a question begins with.
  package static let prefix = "plugin "

  private let plugin: Plugin
  private let report: [UInt8]?

  /// The report is the JSON one so far; nil where the plug-in is not to be run.
  package init(_ plugin: Plugin, report: [UInt8]?) {
    self.plugin = plugin
    self.report = report
  }

  package var key: String { Self.prefix + plugin.name }

  package func ask(_ world: World) async -> Answer {
    guard let report else { return Answer(plugin) }
    let environment = ChildEnvironment(
      HostProbe.processEnvironment(), without: world.credentials)
    let path = plugin.path
    let deadline = world.deadline
    let said = await onThread {
      ChildProcess.run(path, [], environment, input: report, until: deadline)
    }
    let reader = PluginReader(world.credentials)
    let read = reader.reading(said, of: path, reader.outcome)
    return Answer(plugin, said: read.said, outcome: read.value, flaw: read.flaw)
  }
}
