import Configuration
import Diagnosis

// What a file describes is mended in that file: an export in this shell would change nothing.
extension WorkloadFacts {
  /// The remedy in the words of the place that sets the variable.
  func placing(_ remedy: Remedy) -> Remedy {
    guard let variable = remedy.variable else { return remedy }
    switch remedy.kind {
    case .set:
      guard let value = remedy.value, remedy.command?.contains("; unset ") != true else {
        return remedy
      }
      let (text, command) = setting(variable, value)
      return remedy.placed(
        remedy.text.isEmpty ? text : "\(text) (\(remedy.text))", command: command)
    case .unset:
      let (text, command) = taking(variable)
      return remedy.placed(
        remedy.text.isEmpty ? text : "\(text) (\(remedy.text))", command: command)
    case .command, .edit, .advice: return remedy
    }
  }

  private func setting(_ name: String, _ value: String) -> (String, String?) {
    let pair = "\(name)=\(value)"
    switch source {
    case .kubectl:
      return (
        "set \(name) to '\(value)' in env of \(title)",
        kubectl("\(name)=\(shellQuoted(value))")
      )
    case .docker: return ("make the container anew with -e \(shellQuoted(pair))", nil)
    case .compose:
      return ("set \(name): '\(value)' under environment of the service \(self.name)", nil)
    case .ecs:
      return (
        "set \(pair) in environment of \(title), and register the task definition anew", nil
      )
    case .lambda: return ("set \(pair) among the variables of \(title)", nil)
    case .systemctl: return ("systemctl edit \(self.name): Environment=\"\(pair)\"", nil)
    case .dotenv: return ("write \(name)=\(shellQuoted(value)) into \(self.name)", nil)
    case .process, .environ: return ("start the process anew with \(shellQuoted(pair))", nil)
    }
  }

  private func taking(_ name: String) -> (String, String?) {
    switch source {
    case .kubectl: ("take \(name) out of env of \(title)", kubectl("\(name)-"))
    case .docker: ("make the container anew without -e \(name)", nil)
    case .systemctl: ("systemctl edit \(self.name): UnsetEnvironment=\(name)", nil)
    case .dotenv: ("take \(name) out of \(self.name)", nil)
    case .process, .environ: ("start the process anew without \(name)", nil)
    case .compose, .ecs, .lambda: ("take \(name) out of \(title)", nil)
    }
  }

  /// `kubectl set env`, which knows these kinds; a pod's own variables never change.
  private func kubectl(_ change: String) -> String? {
    guard ["Deployment", "DaemonSet", "StatefulSet", "ReplicaSet", "CronJob"].contains(kind) else {
      return nil
    }
    let place = namespace.map { "-n \(shellQuoted($0)) " } ?? ""
    let only = container.map { " -c \(shellQuoted($0))" } ?? ""
    return "kubectl \(place)set env \(kind.lowercased())/\(shellQuoted(name))\(only) \(change)"
  }
}
