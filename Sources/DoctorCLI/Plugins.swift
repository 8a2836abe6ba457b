import Checks
import Configuration
import Diagnosis
import Probes

/// The checks of others for commands that run none of them: `list`, `explain`, completions.
enum Plugins {
  /// Asks each plug-in on PATH what it is.
  static func checks(for project: Project?, timeout: Duration = .seconds(5)) -> [PluginCheck] {
    let secrets = Environment.reading(HostProbe.processEnvironment(), for: project).credentials
    let plugins = Plugin.all(without: secrets, timeout: timeout)
    return plugins.isEmpty ? [] : PluginSuite(plugins, for: project).checks
  }

  /// Whether a pattern of ids can mean a plug-in: its group is none of ours, or any.
  static func canMean(_ pattern: String) -> Bool {
    let group = String(pattern.prefix { $0 != "." })
    return group == "plugin" || !PluginSuite.reservedGroups.contains(group)
  }
}
