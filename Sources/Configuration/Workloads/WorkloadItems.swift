import Wire

/// Reads one object of a file with many, for those who go through all of them.
extension WorkloadReader {
  /// The workloads of an object in JSON; none where nothing of it runs, as a Service.
  ///
  /// The kind is what the file is said to be, or nil for what the object shows.
  ///
  /// - Throws: where it is no JSON, or of no kind that is known.
  package static func object(
    _ bytes: [UInt8], as kind: SourceKind?, in list: String, origin: String
  ) throws(WorkloadFault) -> [Workload] {
    let document: JSONDocument
    do {
      document = try JSONDocument(bytes)
    } catch {
      throw WorkloadFault("line \(error.line), column \(error.column) of it: \(error.reason)")
    }
    guard let node = document.roots.first, !isRetired(node) else { return [] }
    // The objects of a PodList do not say what they are; their list does.
    let listed: SourceKind? = list == "items" ? .kubectl : list == "Functions" ? .lambda : nil
    guard let kind = kind ?? SourceKind(of: node) ?? listed else {
      let names = node.members.prefix(4).map { printable(Redaction.redacted($0.name), limit: 30) }
      throw WorkloadFault(
        "nothing that audit knows: "
          + (names.isEmpty ? "an empty object" : "an object with \(names.joined(separator: ", "))"))
    }
    return workloads(of: node, kind: kind, origin: WorkloadOrigin(name: origin, project: nil))
  }

  /// What a rollout has left behind: a ReplicaSet of somebody's, with no pod to make.
  private static func isRetired(_ node: JSONNode) -> Bool {
    node["kind"]?.string == "ReplicaSet" && node["spec"]?["replicas"]?.int == 0
      && node["metadata"]?["ownerReferences"]?.elements.isEmpty == false
  }

  /// Whether an Agent may be described in an object: by the word in its image's name.
  package static func mayHoldAgent(_ bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBufferPointer { bytes in
      var index = 1
      while index + 4 < bytes.count {
        // The middle letter of `agent`, or of `ddot-collector`, is rare enough.
        if bytes[index + 2] == UInt8(ascii: "n"), bytes[index] == UInt8(ascii: "g"),
          bytes[index + 1] == UInt8(ascii: "e"), bytes[index - 1] == UInt8(ascii: "a"),
          bytes[index + 3] == UInt8(ascii: "t"), endsName(bytes[index + 4])
        {
          return true
        }
        index &+= 1
      }
      return false
    }
  }

  private static func endsName(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ":") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "@")
      || byte == UInt8(ascii: "-")
  }
}

extension Workload {
  /// The name that stands in the place of each workload's while equal ones are judged once.
  package static let anyName = "dd-doctor-any-workload"

  /// The same under that name, and without what differs between replicas and is not judged: the
  /// node that a pod is on, and the volume of its own token.
  package var nameless: Workload {
    var workload = self
    workload.facts.name = Self.anyName
    workload.facts.mounts.removeAll { $0.source.hasPrefix("kube-api-access-") }
    let onNode = ["status.hostIP", "status.podIP", "spec.nodeName"]
    if environment.variables.contains(where: { $0.field.map(onNode.contains) ?? false }) {
      workload.environment = Environment(
        environment.variables.map { variable in
          guard let field = variable.field, onNode.contains(field) else { return variable }
          var variable = variable
          // As in what makes the pod.
          variable.text = field
          return variable
        }, shadowed: environment.shadowed)
    }
    return workload
  }

  /// Whether both are judged alike.
  package func isJudged(as other: Workload) -> Bool {
    facts == other.facts && environment == other.environment && lambda == other.lambda
  }

  /// Of what is cheap to look at and tells most apart.
  package func hash(into hasher: inout Hasher) {
    hasher.combine(facts.namespace)
    hasher.combine(facts.container)
    hasher.combine(facts.image)
    for variable in environment.variables {
      hasher.combine(variable.name)
      hasher.combine(variable.text)
    }
  }
}
