import Wire

/// The workload that is judged, of all that the sources hold, and the Agents beside it.
package struct WorkloadChoice: Sendable {
  package let workload: Workload
  package let agents: [Workload]

  /// - Parameter sources: the workloads of each source in order, with the name that picks one of them.
  /// - Throws: the names to choose from, where more than one may be meant.
  package init(_ sources: [(workloads: [Workload], selector: String?)]) throws(WorkloadFault) {
    let all = sources.flatMap(\.workloads)
    let selected = sources.contains { $0.selector != nil }
    var candidates: [Workload] = []
    for source in sources {
      if let selector = source.selector {
        let named = source.workloads.filter { $0.facts.isNamed(selector) }
        guard !named.isEmpty else {
          throw WorkloadFault(
            "no workload is named '\(printable(Redaction.redacted(selector), limit: 80))'; there"
              + " \(Self.listed(source.workloads))")
        }
        candidates += named
      } else if !selected {
        candidates += source.workloads
      }
    }
    let picked = try Self.pick(candidates, isSelected: selected)
    workload = picked
    agents = all.filter {
      $0.facts.role == .agent && $0.facts.title != picked.facts.title
    }
  }

  private static func pick(_ candidates: [Workload], isSelected: Bool) throws(WorkloadFault)
    -> Workload
  {
    let applications = candidates.filter { $0.facts.role == .application }
    let configured = applications.filter(\.isConfigured)
    let agents = candidates.filter { $0.facts.role == .agent }
    for group in [configured, applications, agents, isSelected ? candidates : []]
    where !group.isEmpty {
      let different = distinct(group)
      if different.count == 1 { return different[0] }
      // Of an Agent's containers, the one that takes traces.
      if group.allSatisfy({ $0.facts.role == .agent }),
        let trace = group.first(where: { $0.facts.container == "trace-agent" }) ?? group.first,
        group.allSatisfy({ $0.facts.name == trace.facts.name })
      {
        return trace
      }
      throw WorkloadFault(
        "\(different.count) workloads, and one is judged at a time; there"
          + " \(listed(different)): name one behind the file, as"
          + " FILE#\(different[0].facts.path), or judge all with dd-doctor audit --from FILE")
    }
    throw WorkloadFault(
      "neither an application nor an Agent runs by it; there \(listed(distinct(candidates)))")
  }

  /// Replicas of one thing count once.
  private static func distinct(_ workloads: [Workload]) -> [Workload] {
    var kept: [Workload] = []
    for workload in workloads.prefix(2_000)
    where !kept.prefix(64).contains(where: { $0.isReplica(of: workload) }) {
      kept.append(workload)
    }
    return kept
  }

  private static func listed(_ workloads: [Workload]) -> String {
    let names = workloads.prefix(8).map { printable($0.facts.path, limit: 80) }
    let more = workloads.count > names.count ? " and \(workloads.count - names.count) more" : ""
    return "\(workloads.count == 1 ? "is" : "are") \(names.joined(separator: ", "))\(more)"
  }
}

extension Workload {
  /// Whether both are made of one description: equal but for their names.
  fileprivate func isReplica(of other: Workload) -> Bool {
    facts.container == other.facts.container && facts.image == other.facts.image
      && facts.namespace == other.facts.namespace && facts.source == other.facts.source
      && facts.command == other.facts.command && environment == other.environment
      && facts.mounts == other.facts.mounts && facts.container != nil
  }
}

extension WorkloadFacts {
  fileprivate func isNamed(_ selector: String) -> Bool {
    let forms = [
      name, container, path, container.map { "\(name)/\($0)" }, namespace.map { "\($0)/\(name)" },
    ]
    return forms.contains(selector)
  }
}
