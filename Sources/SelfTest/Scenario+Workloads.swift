import Configuration
import Diagnosis

extension Scenario {
  private static func deployment(
    _ env: String, container: String = "", pod: String = "", beside: String = ""
  ) -> String {
    #"{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","namespace":"shop"},"#
      + #""spec":{"template":{"metadata":{},"spec":{\#(pod)"containers":[{"name":"app","#
      + #""image":"shop:1",\#(container)"env":[{"name":"DD_ENV","value":"prod"}\#(env)]}\#(beside)]}}}}"#
  }

  private static func variable(_ name: String, _ value: String) -> String {
    #",{"name":"\#(name)","value":"\#(value)"}"#
  }

  private static func compose(_ environment: String, agent: String? = nil) -> String {
    let other = agent.map {
      #","datadog-agent":{"image":"gcr.io/datadoghq/agent:7","environment":{\#($0)}}"#
    }
    return
      #"{"name":"shop","services":{"web":{"image":"shop:1","environment":{"DD_SERVICE":"shop"\#(environment)}}\#(other ?? "")}}"#
  }

  private static func task(
    _ env: String = "", others: String = "", mode: String = "awsvpc"
  ) -> String {
    #"{"taskDefinition":{"family":"shop","networkMode":"\#(mode)","requiresCompatibilities":"#
      + #"["FARGATE"],"containerDefinitions":[{"name":"app","image":"shop:1","environment":"#
      + #"[{"name":"DD_ENV","value":"prod"}\#(env)]}\#(others)]}}"#
  }

  static var workloads: [Scenario] {
    let socket = variable("DD_TRACE_AGENT_URL", "unix:///var/run/datadog/apm.socket")
    let named = #","DD_AGENT_HOST":"datadog-agent""#
    let apiKey = #""DD_API_KEY":"\#(key)""#
    let volume = #""volumes":[{"name":"dd","hostPath":{"path":"/var/run/datadog"}}],"#
    let file =
      #""volumes":[{"name":"s","hostPath":{"path":"/var/run/datadog/apm.socket"}}],"#
    return [
      Scenario(
        "a pod that goes to its node",
        files: [
          deployment(
            #",{"name":"DD_AGENT_HOST","valueFrom":{"fieldRef":{"fieldPath":"status.hostIP"}}}"#)
        ], gives: [.passed: ["kubernetes.agent-host", "environment.secrets"]]),
      Scenario(
        "a pod that goes to itself", files: [deployment(variable("DD_AGENT_HOST", "localhost"))],
        gives: [.failed: ["kubernetes.agent-host"]]),
      Scenario(
        "a pod that goes to one node", files: [deployment(variable("DD_AGENT_HOST", "10.0.0.7"))],
        gives: [.warning: ["kubernetes.agent-host"]]),
      Scenario(
        "a key in a pod's own text", files: [deployment(variable("DD_API_KEY", key))],
        gives: [.warning: ["environment.secrets"]]),
      Scenario(
        "the socket's folder is mounted",
        files: [
          deployment(
            socket, container: #""volumeMounts":[{"name":"dd","mountPath":"/var/run/datadog"}],"#,
            pod: volume)
        ], gives: [.passed: ["kubernetes.socket-mount"]]),
      Scenario(
        "the socket's file is mounted",
        files: [
          deployment(
            "",
            container: #""volumeMounts":[{"name":"s","mountPath":"/var/run/datadog/apm.socket"}],"#,
            pod: file)
        ], gives: [.warning: ["kubernetes.socket-mount"]]),
      Scenario(
        "the socket is mounted nowhere", files: [deployment(socket)],
        gives: [.failed: ["kubernetes.socket-mount"]]),
      Scenario(
        "a container beside its Agent", files: [compose(named, agent: apiKey)],
        gives: [.passed: ["docker.network", "agent.site"]]),
      Scenario(
        "a container that goes to itself",
        files: [compose(#","DD_AGENT_HOST":"localhost""#, agent: apiKey)],
        gives: [.failed: ["docker.network"]]),
      Scenario(
        "a container that names no Agent", files: [compose("", agent: apiKey)],
        gives: [.warning: ["docker.network"]]),
      Scenario(
        "the Agent beside it sends elsewhere",
        files: [compose(named + #","DD_SITE":"datadoghq.eu""#, agent: apiKey)],
        gives: [.failed: ["agent.site"]]),
      Scenario(
        "a task with its Agent",
        files: [
          task(
            others: #",{"name":"dd","image":"public.ecr.aws/datadog/agent:latest","environment":"#
              + #"[{"name":"ECS_FARGATE","value":"true"},{"name":"DD_API_KEY","value":"\#(key)"}]}"#
          )
        ], gives: [.passed: ["ecs.agent-host"]]),
      Scenario(
        "a task that is led out of itself",
        files: [task(variable("DD_AGENT_HOST", "agent.internal"))],
        gives: [.warning: ["ecs.agent-host"]]),
      Scenario("a task without an Agent", files: [task()], gives: [.failed: ["ecs.agent-host"]]),
    ]
  }
}
