import Diagnosis

/// Containers of Docker, compose and ECS, and functions.
enum ContainerRows {
  private static let network: CheckID = "docker.network"
  private static let task: CheckID = "ecs.agent-host"
  static let key = "DD_API_KEY=0123456789abcdef0123456789abcdef"
  static let agentName = #","DD_AGENT_HOST":"datadog-agent""#

  private static func dockerAgent(
    _ env: [String] = [], mode: String = "back", networks: String = #"{"back":{}}"#,
    more: String = ""
  ) -> String {
    Manifest.container(
      [key] + env, name: "dd-agent", image: "gcr.io/datadoghq/agent:7", mode: mode,
      networks: networks, more: more)
  }

  static let docker: [WorkloadRow] = [
    .init(
      network, "the Agent's service by its name",
      Manifest.compose(agentName, others: Manifest.agentService()), is: .passed,
      says: "datadog-agent:8126, on network default"),
    .init(
      network, "localhost", Manifest.compose(#","DD_AGENT_HOST":"localhost""#), is: .failed,
      .conflict, says: "localhost is the container itself"),
    .init(
      network, "localhost, with the Agent beside it",
      Manifest.compose(#","DD_AGENT_HOST":"127.0.0.1""#, others: Manifest.agentService()),
      is: .failed, .conflict, remedy: "DD_AGENT_HOST=datadog-agent"),
    .init(
      network, "nothing set", Manifest.compose("", others: Manifest.agentService()),
      is: .warning, .missing, remedy: "datadog-agent"),
    .init(
      network, "nothing set, and a file may",
      Manifest.compose("", web: #","env_file":[".env"]"#), is: .skipped, says: ".env"),
    .init(
      network, "nothing set in a container that runs",
      "[\(Manifest.container(["DD_ENV=a"])),\(dockerAgent())]", is: .failed, .conflict),
    .init(
      network, "localhost on the host's network",
      Manifest.compose(#","DD_AGENT_HOST":"localhost""#, web: #","network_mode":"host""#),
      is: .passed),
    .init(
      network, "the host's network, and the Agent not published",
      Manifest.compose(
        #","DD_AGENT_HOST":"localhost""#, web: #","network_mode":"host""#,
        others: Manifest.agentService()), is: .failed, .refused, remedy: "-p 127.0.0.1:8126"),
    .init(
      network, "a service's name on the host's network",
      Manifest.compose(
        agentName, web: #","network_mode":"host""#, others: Manifest.agentService()),
      is: .failed, .dns, says: "the application is on the host's network",
      remedy: "-p 127.0.0.1:8126:8126"),
    .init(
      network, "another machine's name on the host's network",
      Manifest.compose(
        #","DD_AGENT_HOST":"apm-box""#, web: #","network_mode":"host""#,
        others: Manifest.agentService()), is: .passed, says: "apm-box"),
    .init(
      network, "a link",
      Manifest.compose(
        #","DD_AGENT_HOST":"dd""#, web: #","links":["datadog-agent:dd"]"#,
        others: Manifest.agentService()), is: .passed, says: "on network default"),
    .init(
      network, "a link, and another port",
      Manifest.compose(
        #","DD_AGENT_HOST":"dd","DD_TRACE_AGENT_PORT":"9126""#,
        web: #","links":["datadog-agent:dd"]"#, others: Manifest.agentService()),
      is: .failed, .refused),
    .init(
      network, "a link to another project",
      Manifest.compose(
        #","DD_AGENT_HOST":"dd""#, web: #","external_links":["other-agent:dd"]"#,
        others: Manifest.agentService()), is: .passed, says: "a link"),
    .init(
      network, "a link on the default bridge",
      "["
        + Manifest.container(
          ["DD_AGENT_HOST=dd-agent"], mode: "default", networks: #"{"bridge":{}}"#,
          host: #","Links":["/dd-agent:/web/dd-agent"]"#) + ","
        + dockerAgent(mode: "default", networks: #"{"bridge":{}}"#) + "]", is: .passed),
    .init(
      network, "a link on the default bridge, to what is not at hand",
      Manifest.container(
        ["DD_AGENT_HOST=dd"], mode: "default", networks: #"{"bridge":{}}"#,
        host: #","Links":["/dd-agent:/web/dd"]"#), is: .passed, says: "a link"),
    .init(
      network, "the host's network, and the Agent published",
      Manifest.compose(
        "", web: #","network_mode":"host""#,
        others: Manifest.agentService(more: #","ports":["127.0.0.1:8126:8126/tcp"]"#)),
      is: .passed),
    .init(
      network, "the Agent's network",
      Manifest.compose(
        "", web: #","network_mode":"service:datadog-agent""#, others: Manifest.agentService()),
      is: .passed),
    .init(
      network, "another one's network",
      Manifest.compose("", web: #","network_mode":"service:vpn""#), is: .skipped, says: "vpn"),
    .init(
      network, "an Agent that shares the application's network",
      Manifest.compose(
        "", others: Manifest.agentService(more: #","network_mode":"service:web""#)), is: .passed),
    .init(
      network, "no network", Manifest.compose(agentName, web: #","network_mode":"none""#),
      is: .failed, .unroutable),
    .init(
      network, "a name that no service has",
      Manifest.compose(#","DD_AGENT_HOST":"dd-agnt""#, others: Manifest.agentService()),
      is: .failed, .dns, says: "dd-agnt", remedy: "datadog-agent"),
    .init(
      network, "a name that another project may have",
      #"""
      {"services":{"web":{"environment":{"DD_AGENT_HOST":"dd"},"networks":{"n":null}}},
       "networks":{"n":{"external":true}}}
      """#, is: .passed),
    .init(
      network, "an alias",
      Manifest.compose(
        #","DD_AGENT_HOST":"apm""#, web: #","networks":{"n":null}"#,
        others: Manifest.agentService(more: #","networks":{"n":{"aliases":["apm"]}}"#)),
      is: .passed),
    .init(
      network, "no network in common",
      Manifest.compose(
        agentName, web: #","networks":{"front":null}"#,
        others: Manifest.agentService(more: #","networks":["back"]"#)), is: .failed, .dns,
      says: "share no network"),
    .init(
      network, "an Agent on the host's network",
      Manifest.compose(
        agentName, others: Manifest.agentService(more: #","network_mode":"host""#)),
      is: .failed, .dns),
    .init(
      network, "an Agent that listens on loopback alone",
      Manifest.compose(
        agentName,
        others: Manifest.agentService(#""DD_API_KEY":"x","DD_APM_NON_LOCAL_TRAFFIC":"false""#)),
      is: .failed, .refused, remedy: "DD_APM_NON_LOCAL_TRAFFIC=true"),
    .init(
      network, "an Agent that is bound to loopback",
      Manifest.compose(
        agentName, others: Manifest.agentService(#""DD_BIND_HOST":"127.0.0.1""#)),
      is: .failed, .refused),
    .init(
      network, "the port that the host has",
      Manifest.compose(
        agentName + #","DD_TRACE_AGENT_PORT":"18126""#,
        others: Manifest.agentService(more: #","ports":["18126:8126"]"#)),
      is: .failed, .refused, remedy: "DD_TRACE_AGENT_PORT=8126"),
    .init(
      network, "a port that the Agent's file may name",
      Manifest.compose(
        agentName + #","DD_TRACE_AGENT_PORT":"9126""#,
        others: Manifest.agentService(
          more: #","volumes":["./datadog.yaml:/etc/datadog-agent/datadog.yaml"]"#)),
      is: .passed),
    .init(
      network, "a port that a file of variables may name",
      Manifest.compose(
        agentName + #","DD_TRACE_AGENT_PORT":"9126""#,
        others: Manifest.agentService(more: #","env_file":["agent.env"]"#)), is: .passed),
    .init(
      network, "Docker Desktop's name for the host",
      Manifest.compose(#","DD_AGENT_HOST":"host.docker.internal""#), is: .warning, .dns,
      remedy: "host-gateway"),
    .init(
      network, "the host by a name that is added",
      Manifest.compose(
        #","DD_AGENT_HOST":"host.docker.internal""#,
        web: #","extra_hosts":["host.docker.internal=host-gateway"]"#), is: .passed),
    .init(
      network, "the host's address", Manifest.compose(#","DD_AGENT_HOST":"172.17.0.1""#),
      is: .passed),
    .init(
      network, "a name on the default bridge",
      Manifest.container(["DD_AGENT_HOST=dd-agent"], mode: "default", networks: #"{"bridge":{}}"#),
      is: .failed, .dns, remedy: "docker network create"),
    .init(
      network, "a name on the default bridge, with the Agent there",
      "["
        + Manifest.container(
          ["DD_AGENT_HOST=dd-agent"], mode: "bridge", networks: #"{"bridge":{}}"#) + ","
        + dockerAgent(mode: "bridge", networks: #"{"bridge":{}}"#) + "]", is: .failed, .dns),
    .init(
      network, "a name on a network that was connected to later",
      Manifest.container(
        ["DD_AGENT_HOST=dd-agent"], mode: "bridge", networks: #"{"bridge":{},"apm":{}}"#),
      is: .passed, says: "not at hand"),
    .init(
      network, "a network that was connected to later, and the Agent is not in it",
      "["
        + Manifest.container(
          ["DD_AGENT_HOST=dd-agent"], mode: "bridge", networks: #"{"bridge":{},"apm":{}}"#) + ","
        + dockerAgent(mode: "bridge", networks: #"{"bridge":{}}"#) + "]", is: .failed, .dns),
    .init(
      network, "a name on a network of one's own",
      "[\(Manifest.container(["DD_AGENT_HOST=dd-agent"])),\(dockerAgent())]", is: .passed),
    .init(
      network, "a name that is not at hand", Manifest.container(["DD_AGENT_HOST=dd-agent"]),
      is: .passed, says: "not at hand"),
    .init(
      network, "#14 a socket that is not mounted",
      Manifest.compose(#","DD_TRACE_AGENT_URL":"unix:///var/run/datadog/apm.socket""#),
      is: .failed, .noSocket, remedy: "/var/run/datadog:/var/run/datadog:ro"),
    .init(
      network, "a socket that both mount",
      Manifest.compose(
        "", web: #","volumes":["/var/run/datadog:/var/run/datadog:ro"]"#,
        others: Manifest.agentService(more: #","volumes":["/run/datadog:/var/run/datadog"]"#)),
      is: .passed),
    .init(network, "nothing for Datadog", #"{"services":{"web":{}}}"#, is: .skipped),
    .init(network, "a pod", Manifest.pod(), is: .skipped, says: "no container"),
    .init(
      network, "the documentation's Agent",
      dockerAgent(["DD_APM_ENABLED=true", "DD_DOGSTATSD_NON_LOCAL_TRAFFIC=true"]), is: .passed),
    .init(
      network, "an Agent that takes no metrics from others", dockerAgent(), is: .warning, .missing,
      remedy: "DD_DOGSTATSD_NON_LOCAL_TRAFFIC"),
    .init(
      network, "an Agent by itself, on loopback", dockerAgent(["DD_APM_NON_LOCAL_TRAFFIC=false"]),
      is: .failed, .refused),
  ]

  static let ecs: [WorkloadRow] = [
    .init(
      task, "Fargate with its Agent",
      Manifest.task(others: Manifest.agentContainer), is: .passed, says: "same task"),
    .init(
      task, "Fargate, localhost by name",
      Manifest.task(Manifest.env("DD_AGENT_HOST", "localhost"), others: Manifest.agentContainer),
      is: .passed),
    .init(
      task, "#39 Fargate, and no Agent in the task",
      Manifest.task(Manifest.env("DD_AGENT_HOST", "localhost")), is: .failed, .missing,
      says: "no Agent runs in the task", remedy: "ECS_FARGATE=true"),
    .init(
      task, "#39 Fargate, led out of the task",
      Manifest.task(Manifest.env("DD_AGENT_HOST", "agent.internal")), is: .warning, .conflict,
      remedy: "unset DD_AGENT_HOST"),
    .init(
      task, "Fargate, the Agent's container by its name",
      Manifest.task(
        Manifest.env("DD_AGENT_HOST", "datadog-agent"), others: Manifest.agentContainer),
      is: .failed, .dns, remedy: "unset DD_AGENT_HOST"),
    .init(
      task, "Fargate, an instance's address",
      Manifest.task(Manifest.env("DD_AGENT_HOST", "172.17.0.1")), is: .failed, .conflict),
    .init(
      task, "Fargate, a neighbour that may be anything",
      Manifest.task(others: #",{"name":"x","image":"y"}"#), is: .warning, .missing),
    .init(
      task, "Fargate, a collector that has the port",
      Manifest.task(
        others: #",{"name":"c","image":"otel","portMappings":[{"containerPort":8126}]}"#),
      is: .passed),
    .init(
      task, "awsvpc on an instance, whose command may name the Agent",
      Manifest.task(fargate: false), is: .warning, .missing, remedy: "datadog/agent and the key"),
    .init(
      task, "bridge, localhost",
      Manifest.task(Manifest.env("DD_AGENT_HOST", "localhost"), mode: "bridge", fargate: false),
      is: .failed, .conflict, remedy: "169.254.169.254"),
    .init(
      task, "bridge, nothing set", Manifest.task(mode: "bridge", fargate: false), is: .warning,
      .missing, remedy: "/var/run/datadog"),
    .init(
      task, "bridge, the instance's address",
      Manifest.task(Manifest.env("DD_AGENT_HOST", "172.17.0.1"), mode: "bridge", fargate: false),
      is: .passed),
    .init(
      task, "bridge, a container without a link",
      Manifest.task(
        Manifest.env("DD_AGENT_HOST", "datadog-agent"), mode: "bridge", fargate: false,
        others: Manifest.agentContainer), is: .failed, .dns, remedy: "links"),
    .init(
      task, "bridge, a container with a link",
      Manifest.task(
        Manifest.env("DD_AGENT_HOST", "datadog-agent"), mode: "bridge", fargate: false,
        container: #""links":["datadog-agent"],"#, others: Manifest.agentContainer), is: .passed),
    .init(
      task, "bridge, the instance's socket",
      Manifest.task(
        mode: "bridge", fargate: false,
        container: #""mountPoints":[{"sourceVolume":"dd","containerPath":"/var/run/datadog"}],"#,
        more: #","volumes":[{"name":"dd","host":{"sourcePath":"/var/run/datadog/"}}]"#),
      is: .passed, says: "apm.socket"),
    .init(
      task, "#14 Fargate, a socket that nobody makes",
      Manifest.task(
        container: #""mountPoints":[{"sourceVolume":"dd","containerPath":"/var/run/datadog"}],"#,
        more: #","volumes":[{"name":"dd"}]"#), is: .failed, .noSocket),
    .init(task, "host mode", Manifest.task(mode: "host", fargate: false), is: .passed),
    .init(
      task, "no network", Manifest.task(mode: "none", fargate: false), is: .failed, .unroutable),
    .init(
      task, "a secret that nobody may read",
      Manifest.task(
        container: #""secrets":[{"name":"OPENAI_API_KEY","valueFrom":"arn:x"}],"#,
        others: Manifest.agentContainer), is: .failed, .permission, remedy: "executionRoleArn"),
    .init(
      task, "a secret with a role that may read it",
      Manifest.task(
        container: #""secrets":[{"name":"OPENAI_API_KEY","valueFrom":"arn:x"}],"#,
        others: Manifest.agentContainer, more: #","executionRoleArn":"arn:r""#), is: .passed),
    .init(
      task, "Fargate's Agent without the word",
      #"""
      {"family":"a","networkMode":"awsvpc","requiresCompatibilities":["FARGATE"],
       "containerDefinitions":[{"name":"agent","image":"datadog/agent:7","environment":[]}]}
      """#, is: .warning, .missing, remedy: "ECS_FARGATE"),
    .init(
      task, "containers alone",
      #"[{"name":"c","image":"i","environment":[{"name":"DD_ENV","value":"a"}]}]"#,
      is: .skipped, says: "whole definition"),
    .init(task, "a pod", Manifest.pod(), is: .skipped, says: "no task"),
  ]
}
