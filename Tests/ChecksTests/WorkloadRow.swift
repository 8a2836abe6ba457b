import Configuration
import Diagnosis
import Testing

@testable import Checks
@testable import Probes

/// One row of a check's table: what `--from` is given, and what is to be made of it.
struct WorkloadRow: Sendable, CustomTestStringConvertible {
  let check: CheckID
  /// What the row is about, with the ticket's number in front where it is one of the field's.
  let name: String
  let files: [String]
  let status: Status
  let failureClass: FailureClass?
  let says: String
  let remedy: String

  init(
    _ check: CheckID, _ name: String, _ files: String..., is status: Status,
    _ failureClass: FailureClass? = nil, says: String = "", remedy: String = ""
  ) {
    self.check = check
    self.name = name
    self.files = files
    self.status = status
    self.failureClass = failureClass
    self.says = says
    self.remedy = remedy
  }

  var testDescription: String { "\(check): \(name)" }

  var settings: Settings {
    get throws {
      let sources = try files.map {
        (try WorkloadReader.read(Array($0.utf8), origin: "file").workloads, nil as String?)
      }
      let choice = try WorkloadChoice(sources)
      return choice.workload.settings(agents: choice.agents)
    }
  }

  func outcome() async throws -> Outcome {
    let settings = try settings
    let suites = [Suite<Observations>.of(settings), .everything]
    let judging = try #require(
      suites.lazy.compactMap { $0.checks.first { $0.about.id == check } }.first)
    return try await judging.judge(Observations(settings, recorded: []))
  }

  func holds() async throws {
    let outcome = try await outcome()
    let message = outcome.message
    #expect(outcome.status == status, "\(message)")
    #expect(outcome.problem?.failureClass == failureClass, "\(message)")
    #expect(message.contains(says), "\(message)")
    guard let problem = outcome.problem else { return }
    #expect(problem.evidence.allSatisfy { !$0.name.isEmpty && !$0.measured.isEmpty })
    let lines = problem.remedies.map(\.line)
    #expect(lines.allSatisfy { !$0.isEmpty })
    #expect(lines.contains { $0.contains(remedy) } || remedy.isEmpty, "\(lines)")
    #expect(!message.isEmpty && !message.hasSuffix("."))
  }
}

/// Texts as the tools write them, with what a row changes.
enum Manifest {
  /// A variable of a container's `env`.
  static func env(_ name: String, _ value: String) -> String {
    #"{"name":"\#(name)","value":"\#(value)"}"#
  }

  static func field(_ name: String, _ path: String) -> String {
    #"{"name":"\#(name)","valueFrom":{"fieldRef":{"fieldPath":"\#(path)"}}}"#
  }

  static func secret(_ name: String) -> String {
    #"{"name":"\#(name)","valueFrom":{"secretKeyRef":{"name":"dd","key":"k"}}}"#
  }

  /// A Deployment of one application in the namespace `shop`.
  static func deployment(
    _ env: String..., container: String = "", pod: String = "", template: String = "{}",
    beside: String = "", labels: String = "{}", kind: String = "Deployment"
  ) -> String {
    let list = ([Self.env("DD_SERVICE", "shop"), Self.env("DD_ENV", "prod")] + env)
      .joined(separator: ",")
    return #"""
      {"apiVersion":"apps/v1","kind":"\#(kind)","metadata":{"name":"web","namespace":"shop",
       "labels":\#(labels)},"spec":{"template":{"metadata":\#(template),"spec":{\#(pod)
       "containers":[{"name":"app","image":"shop:1",\#(container)"env":[\#(list)]}\#(beside)]}}}}
      """#
  }

  static func pod(_ env: String..., metadata: String = "") -> String {
    #"""
    {"apiVersion":"v1","kind":"Pod","metadata":{"name":"web","namespace":"shop"\#(metadata)},
     "spec":{"containers":[{"name":"app","env":[\#((env + [Self.env("DD_ENV", "p")])
      .joined(separator: ","))]}]},"status":{"hostIP":"10.0.0.7"}}
    """#
  }

  /// The Agent's DaemonSet in the namespace `datadog`.
  static func daemonSet(
    _ env: String..., container: String = "", volumes: String = "", mounts: String = ""
  ) -> String {
    let list = ([secret("DD_API_KEY")] + env).joined(separator: ",")
    return #"""
      {"apiVersion":"apps/v1","kind":"DaemonSet","metadata":{"name":"datadog","namespace":"datadog"},
       "spec":{"template":{"spec":{"volumes":[\#(volumes)],"containers":[
        {"name":"agent","image":"gcr.io/datadoghq/agent:7"},
        {"name":"trace-agent","image":"gcr.io/datadoghq/agent:7",\#(container)
         "volumeMounts":[\#(mounts)],"env":[\#(list)]}]}}}}
      """#
  }

  static let nodeVolume = #"{"name":"dd","hostPath":{"path":"/var/run/datadog"}}"#
  static let nodeMount = #"{"name":"dd","mountPath":"/var/run/datadog"}"#

  /// A compose project of the service `web` and what else is given.
  static func compose(_ environment: String, web: String = "", others: String = "") -> String {
    #"""
    {"name":"shop","services":{"web":{"image":"shop:1","environment":{"DD_SERVICE":"shop"\#(environment)}\#(web)}\#(others)}}
    """#
  }

  /// The Agent as a service of compose.
  static func agentService(
    _ environment: String = #""DD_API_KEY":"0123456789abcdef0123456789abcdef""#, more: String = ""
  ) -> String {
    #","datadog-agent":{"image":"gcr.io/datadoghq/agent:latest","environment":{\#(environment)}\#(more)}"#
  }

  /// A container as `docker inspect` writes it.
  static func container(
    _ env: [String], name: String = "web", image: String = "shop:1", mode: String = "back",
    networks: String = #"{"back":{"Aliases":null}}"#, host: String = "", more: String = ""
  ) -> String {
    let list = env.map { "\"\($0)\"" }.joined(separator: ",")
    return #"""
      {"Id":"0123456789abcdef0123456789abcdef\#(name)","Name":"/\#(name)","State":{"Running":true},
       "Config":{"Image":"\#(image)","Env":[\#(list)]},
       "HostConfig":{"NetworkMode":"\#(mode)"\#(host)},
       "NetworkSettings":{"Networks":\#(networks)}\#(more)}
      """#
  }

  /// A task definition of one application and what else is given.
  static func task(
    _ env: String..., mode: String = "awsvpc", fargate: Bool = true, container: String = "",
    others: String = "", more: String = ""
  ) -> String {
    let list = ([Self.env("DD_SERVICE", "shop"), Self.env("DD_ENV", "prod")] + env)
      .joined(separator: ",")
    return #"""
      {"taskDefinition":{"family":"shop","networkMode":"\#(mode)",
       "requiresCompatibilities":["\#(fargate ? "FARGATE" : "EC2")"]\#(more),"containerDefinitions":[
        {"name":"app","image":"shop:1",\#(container)"environment":[\#(list)]}\#(others)]}}
      """#
  }

  static let agentContainer =
    #",{"name":"datadog-agent","image":"public.ecr.aws/datadog/agent:latest","environment":[{"name":"ECS_FARGATE","value":"true"}],"secrets":[{"name":"DD_API_KEY","valueFrom":"arn:aws:ssm:r:1:parameter/k"}]}"#

  /// A function's configuration.
  static func function(
    _ variables: String, handler: String = "datadog_lambda.handler.handler",
    layers: [String] = ["Datadog-Extension", "Datadog-Python312"], timeout: Int = 30,
    more: String = ""
  ) -> String {
    let list = layers.map {
      #"{"Arn":"arn:aws:lambda:eu-west-1:464622532012:layer:\#($0):98","CodeSize":1}"#
    }.joined(separator: ",")
    return #"""
      {"FunctionName":"f","FunctionArn":"arn:aws:lambda:eu-west-1:1:function:f",
       "Runtime":"python3.12","Handler":"\#(handler)","Timeout":\#(timeout),"CodeSize":1,
       "Layers":[\#(list)],"Environment":{"Variables":{\#(variables)}}\#(more)}
      """#
  }
}
