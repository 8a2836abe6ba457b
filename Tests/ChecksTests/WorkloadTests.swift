import Configuration
import Diagnosis
import Probes
import Testing

@testable import Checks

@Suite struct `Checks of workloads` {
  static let rows =
    KubernetesRows.all + ContainerRows.docker + ContainerRows.ecs + ContainerRows.sites
    + ContainerRows.keys

  @Test(arguments: rows)
  func `judge what is described`(row: WorkloadRow) async throws { try await row.holds() }

  @Test(
    arguments: [
      "kubernetes.agent-host", "kubernetes.socket-mount", "docker.network", "ecs.agent-host",
      "agent.site", "environment.secrets",
    ] as [CheckID])
  func `reach every status that they declare, and no other`(id: CheckID) async throws {
    let about = try #require(
      Suite<Observations>.everything.checks.first { $0.about.id == id }?.about)
    var reached: Set<Status> = []
    for row in Self.rows where row.check == id { reached.insert(try await row.outcome().status) }
    #expect(reached == Set(about.statuses))
  }

  @Test(arguments: [2, 12, 13, 14, 29, 39])
  func `cover the field's tickets that belong here`(ticket: Int) {
    #expect(Self.rows.contains { $0.name.hasPrefix("#\(ticket) ") })
  }

  /// Nothing is held against a value that is not read.
  @Test(
    arguments: [
      ("site.known", "DD_SITE"), ("agent.address", "DD_AGENT_HOST"),
      ("environment.tags", "DD_SERVICE"), ("kubernetes.agent-host", "DD_TRACE_AGENT_URL"),
    ] as [(CheckID, String)])
  func `leave alone what comes from a secret`(id: CheckID, name: String) async throws {
    let pod = #"""
      {"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[{"name":"c",
       "env":[\#(Manifest.secret(name)),\#(Manifest.env("DD_VERSION", "1"))]}]}}
      """#
    try await WorkloadRow(id, name, pod, is: .skipped, says: "\(name) comes from secret dd/k")
      .holds()
  }

  @Test func `do not call a workload well of which nothing is shown`() async throws {
    let task =
      #"{"tasks":[{"taskArn":"a/b/1","taskDefinitionArn":"a:task-definition/w:2","containers":[{"name":"c"}]}]}"#
    try await WorkloadRow(
      "environment.tags", "tasks", task, is: .unknown, .missing, says: "task definition w:2",
      remedy: "--task-definition w:2"
    ).holds()
  }

  @Test func `mend a variable where it stands`() async throws {
    let placed: [(String, String)] = [
      (
        Manifest.deployment(Manifest.env("DD_SITE", "datadoghq.co")),
        "kubectl -n shop set env deployment/web -c app DD_SITE=datadoghq.com"
      ),
      (Manifest.compose(#","DD_SITE":"datadoghq.co""#), "under environment of the service web"),
      (Manifest.container(["DD_SITE=datadoghq.co"]), "-e DD_SITE=datadoghq.com"),
      (Manifest.task(Manifest.env("DD_SITE", "datadoghq.co")), "register the task definition anew"),
      (Manifest.function(#""DD_SITE":"datadoghq.co""#), "among the variables of function f"),
      ("Id=a.service\nEnvironment=DD_SITE=datadoghq.co\n", "systemctl edit a.service"),
      ("DD_SITE=datadoghq.co\n", "write DD_SITE=datadoghq.com into file"),
    ]
    for (file, line) in placed {
      let settings = try WorkloadRow("site.known", "", file, is: .failed).settings
      let outcome = try await SiteKnown().judge(Observations(settings, recorded: []))
      let finding = settings.fitting(Finding(SiteKnown().about, outcome))
      #expect(
        finding.remedies.contains { $0.line.contains(line) }, "\(finding.remedies.map(\.line))")
      #expect(finding.remedies.contains { $0.variable == "DD_SITE" })
      #expect(!finding.remedies.contains { $0.line.hasPrefix("export") })
    }
  }

  // MARK: Functions

  private static let key = #""DD_API_KEY":"0123456789abcdef0123456789abcdef""#
  private static let handler = #""DD_LAMBDA_HANDLER":"app.handler""#

  static let functions: [WorkloadRow] = [
    .init("lambda.handler", "all there", Manifest.function("\(handler),\(key)"), is: .passed),
    .init("lambda.handler", "no handler of its own", Manifest.function(key), is: .failed, .missing),
    .init("lambda.layers", "all there", Manifest.function("\(handler),\(key)"), is: .passed),
    .init(
      "lambda.layers", "another Python",
      Manifest.function("\(handler),\(key)", layers: ["Datadog-Python39"]), is: .failed,
      .incompatible),
    .init(
      "lambda.layers", "another architecture",
      Manifest.function("\(handler),\(key)", more: #","Architectures":["arm64"]"#), is: .failed,
      .incompatible, remedy: "Datadog-Extension-ARM"),
    .init("lambda.extension", "all there", Manifest.function("\(handler),\(key)"), is: .passed),
    .init(
      "lambda.extension", "a Forwarder in its place",
      Manifest.function("\(handler),\(key)", layers: ["Datadog-Python312"]), is: .skipped,
      says: "for a Forwarder"),
    .init(
      "lambda.extension", "LLM Observability without it",
      Manifest.function(
        "\(handler),\(key),\"DD_LLMOBS_ENABLED\":\"1\"", layers: ["Datadog-Python312"]),
      is: .failed, .notInstalled),
    .init(
      "lambda.extension", "#38 a VPC",
      Manifest.function("\(handler),\(key)", more: #","VpcConfig":{"VpcId":"vpc-1"}"#),
      is: .passed, says: "NAT"),
    .init("lambda.key", "all there", Manifest.function("\(handler),\(key)"), is: .passed),
    .init("lambda.key", "no key", Manifest.function(handler), is: .failed, .missing),
    .init(
      "lambda.key", "a secret of another region",
      Manifest.function(
        #"\#(handler),"DD_API_KEY_SECRET_ARN":"arn:aws:secretsmanager:us-east-1:1:secret:dd""#),
      is: .warning, .conflict),
    .init(
      "lambda.flush", "#38 an end before the cold start's",
      Manifest.function("\(handler),\(key)", timeout: 3), is: .warning, .timeout),
    .init(
      "lambda.key", "#11 variables that AWS does not show",
      #"""
      {"FunctionName":"f","Runtime":"python3.12","Handler":"datadog_lambda.handler.handler",
       "Environment":{"Error":{"ErrorCode":"AccessDeniedException","Message":"no KMS"}}}
      """#, is: .skipped, says: "AccessDeniedException"),
    .init(
      "lambda.key", "nothing of Datadog's",
      #"{"FunctionName":"f","FunctionArn":"a","Runtime":"python3.12","Handler":"a.b"}"#,
      is: .skipped, says: "nothing of Datadog's"),
  ]

  @Test(arguments: functions)
  func `judge a function by its configuration`(row: WorkloadRow) async throws {
    try await row.holds()
  }
}
