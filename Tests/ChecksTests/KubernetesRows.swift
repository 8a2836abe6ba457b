import Diagnosis

/// Pods and what makes them, with the Agent's DaemonSet or without.
enum KubernetesRows {
  private static let host: CheckID = "kubernetes.agent-host"
  private static let socket: CheckID = "kubernetes.socket-mount"
  private static let hostIP = Manifest.field("DD_AGENT_HOST", "status.hostIP")
  private static let mounted =
    (
      pod: "\"volumes\":[\(Manifest.nodeVolume)],",
      container: "\"volumeMounts\":[\(Manifest.nodeMount)],"
    )
  private static let admitted = #"{"labels":{"admission.datadoghq.com/enabled":"true"}}"#

  static let all: [WorkloadRow] = [
    .init(
      host, "the node's address", Manifest.deployment(hostIP), is: .passed, says: "hostPort 8126"),
    .init(host, "the node's address, of a pod that runs", Manifest.pod(hostIP), is: .passed),
    .init(
      host, "the node's address in a URL",
      Manifest.pod(
        Manifest.field("NODE", "status.hostIP"),
        Manifest.env("DD_TRACE_AGENT_URL", "http://$(NODE):8126")), is: .passed),
    .init(
      host, "localhost", Manifest.deployment(Manifest.env("DD_AGENT_HOST", "localhost")),
      is: .failed, .conflict, says: "in a pod that is the pod itself", remedy: "status.hostIP"),
    .init(
      host, "127.0.0.1 in a URL",
      Manifest.deployment(Manifest.env("DD_TRACE_AGENT_URL", "http://127.0.0.1:8126")),
      is: .failed, .conflict, remedy: "take DD_TRACE_AGENT_URL out"),
    .init(
      host, "localhost on the node's network",
      Manifest.deployment(
        Manifest.env("DD_AGENT_HOST", "localhost"), pod: "\"hostNetwork\":true,"), is: .passed),
    .init(
      host, "localhost with a sidecar Agent",
      Manifest.deployment(
        Manifest.env("DD_AGENT_HOST", "localhost"),
        beside: #",{"name":"dd","image":"datadog/agent:7"}"#), is: .passed, says: "same pod"),
    .init(
      host, "nothing set with a sidecar Agent",
      Manifest.deployment(beside: #",{"name":"dd","image":"datadog/agent:7"}"#), is: .passed),
    .init(
      host, "localhost with a collector that has the port",
      Manifest.deployment(
        Manifest.env("DD_AGENT_HOST", "localhost"),
        beside: #",{"name":"c","image":"otel","ports":[{"containerPort":8126}]}"#),
      is: .passed, says: "container c"),
    .init(
      host, "localhost with a neighbour that may be anything",
      Manifest.deployment(
        Manifest.env("DD_AGENT_HOST", "localhost"), beside: #",{"name":"c","image":"x"}"#),
      is: .warning, .conflict),
    .init(
      host, "localhost with a proxy beside it",
      Manifest.deployment(
        Manifest.env("DD_AGENT_HOST", "localhost"),
        beside: #",{"name":"istio-proxy","image":"x"}"#), is: .failed, .conflict),
    .init(host, "nothing set", Manifest.deployment(), is: .warning, .missing, remedy: "or label"),
    .init(
      host, "nothing set, and a map may",
      Manifest.deployment(container: #""envFrom":[{"configMapRef":{"name":"m"}}],"#),
      is: .skipped, says: "config map m"),
    .init(
      host, "an address from a map",
      Manifest.deployment(
        #"{"name":"DD_AGENT_HOST","valueFrom":{"configMapKeyRef":{"name":"m","key":"h"}}}"#),
      is: .skipped, says: "DD_AGENT_HOST comes from config map m/h"),
    .init(
      host, "nothing set, and the admission controller will",
      Manifest.deployment(template: admitted),
      is: .passed, says: "when the pod is made"),
    .init(
      host, "nothing set, and the admission controller should have",
      Manifest.pod(metadata: #","labels":{"admission.datadoghq.com/enabled":"true"}"#),
      is: .warning, .notLoaded, remedy: "kubectl -n shop delete pod web"),
    .init(
      host, "the label on the deployment",
      Manifest.deployment(labels: #"{"admission.datadoghq.com/enabled":"true"}"#),
      is: .warning, .conflict, remedy: "spec.template.metadata.labels"),
    .init(
      host, "what the admission controller wrote",
      Manifest.pod(
        metadata:
          #","annotations":{"internal.apm.datadoghq.com/injection-error":"no such version"}"#),
      is: .failed, .notLoaded),
    .init(
      host, "the pod's own address",
      Manifest.deployment(Manifest.field("DD_AGENT_HOST", "status.podIP")), is: .failed, .conflict,
      says: "the pod's own"),
    .init(
      host, "a field that is none",
      Manifest.deployment(Manifest.field("DD_AGENT_HOST", "metadata.hostIP")),
      is: .failed, .malformed, says: "metadata.hostIP"),
    .init(
      host, "a field as text",
      Manifest.deployment(Manifest.env("DD_AGENT_HOST", "status.hostIP")), is: .failed, .malformed,
      says: "valueFrom"),
    .init(
      host, "one node's address",
      Manifest.deployment(Manifest.env("DD_AGENT_HOST", "10.0.0.7")), is: .warning, .conflict),
    .init(
      host, "a Service",
      Manifest.deployment(Manifest.env("DD_AGENT_HOST", "datadog.datadog")), is: .passed),
    .init(
      host, "a Service of another namespace",
      Manifest.deployment(Manifest.env("DD_AGENT_HOST", "datadog")), Manifest.daemonSet(),
      is: .warning, .dns, remedy: "datadog.datadog"),
    .init(
      host, "#12 no hostPort", Manifest.deployment(hostIP),
      Manifest.daemonSet(container: #""ports":[{"containerPort":8126}],"#), is: .failed, .refused,
      remedy: "datadog.apm.portEnabled=true"),
    .init(
      host, "a hostPort", Manifest.deployment(hostIP),
      Manifest.daemonSet(container: #""ports":[{"containerPort":8126,"hostPort":8126}],"#),
      is: .passed, says: "DaemonSet datadog/datadog"),
    .init(
      host, "nothing for Datadog in it",
      #"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[{"name":"c"}]}}"#,
      is: .skipped, says: "nothing in it is configured"),
    .init(
      host, "the socket",
      Manifest.deployment(container: mounted.container, pod: mounted.pod), is: .skipped,
      says: "socket"),
    .init(host, "a container of Docker's", Manifest.container(["DD_ENV=a"]), is: .skipped),

    .init(
      socket, "the node's folder, by default",
      Manifest.deployment(container: mounted.container, pod: mounted.pod), is: .passed,
      says: "/var/run/datadog"),
    .init(
      socket, "#13 a folder that can only be read",
      Manifest.deployment(
        Manifest.env("DD_TRACE_AGENT_URL", "unix:///var/run/datadog/apm.socket"),
        container:
          #""volumeMounts":[{"name":"dd","mountPath":"/var/run/datadog","readOnly":true}],"#,
        pod: mounted.pod), is: .passed),
    .init(
      socket, "#13 the file and not its folder",
      Manifest.deployment(
        container: #""volumeMounts":[{"name":"s","mountPath":"/var/run/datadog/apm.socket"}],"#,
        pod: #""volumes":[{"name":"s","hostPath":{"path":"/var/run/datadog/apm.socket"}}],"#),
      is: .warning, .noSocket, remedy: "mount the folder /var/run/datadog"),
    .init(
      socket, "#14 a socket that is mounted nowhere",
      Manifest.deployment(
        Manifest.env("DD_TRACE_AGENT_URL", "unix:///var/run/datadog/apm.socket")),
      is: .failed, .noSocket, says: "nothing is mounted there", remedy: "hostPath"),
    .init(
      socket, "#14 mounted in the neighbour alone",
      Manifest.deployment(
        Manifest.env("DD_TRACE_AGENT_URL", "unix:///var/run/datadog/apm.socket"),
        pod: mounted.pod,
        beside: #",{"name":"c","volumeMounts":[{"name":"dd","mountPath":"/var/run/datadog"}]}"#),
      is: .failed, .noSocket),
    .init(
      socket, "metrics on a socket that is mounted nowhere",
      Manifest.deployment(
        Manifest.env("DD_DOGSTATSD_URL", "unix:///other/dsd.socket"),
        container: mounted.container, pod: mounted.pod), is: .failed, .noSocket, says: "/other"),
    .init(
      socket, "a volume of the pod's alone",
      Manifest.deployment(
        container: mounted.container, pod: #""volumes":[{"name":"dd","emptyDir":{}}],"#),
      is: .failed, .noSocket, says: "this container's alone"),
    .init(
      socket, "a volume of the pod's with an Agent",
      Manifest.deployment(
        container: mounted.container, pod: #""volumes":[{"name":"dd","emptyDir":{}}],"#,
        beside:
          #",{"name":"a","image":"datadog/agent","volumeMounts":[{"name":"dd","mountPath":"/s"}]}"#),
      is: .passed),
    .init(
      socket, "a secret in its place",
      Manifest.deployment(
        Manifest.env("DD_TRACE_AGENT_URL", "unix:///var/run/datadog/apm.socket"),
        container: mounted.container, pod: #""volumes":[{"name":"dd","secret":{}}],"#),
      is: .failed, .noSocket, says: "holds no socket"),
    .init(
      socket, "another folder than the Agent's",
      Manifest.deployment(
        container: mounted.container,
        pod: #""volumes":[{"name":"dd","hostPath":{"path":"/opt/dd"}}],"#),
      Manifest.daemonSet(volumes: Manifest.nodeVolume, mounts: Manifest.nodeMount),
      is: .failed, .noSocket, says: "another place of the host"),
    .init(
      socket, "the Agent's folder under another name",
      Manifest.deployment(container: mounted.container, pod: mounted.pod),
      Manifest.daemonSet(
        Manifest.env("DD_APM_RECEIVER_SOCKET", "/sockets/apm.socket"),
        volumes: #"{"name":"s","hostPath":{"path":"/run/datadog/"}}"#,
        mounts: #"{"name":"s","mountPath":"/sockets"}"#), is: .passed),
    .init(
      socket, "what the admission controller will mount",
      Manifest.deployment(
        Manifest.env("DD_TRACE_AGENT_URL", "unix:///var/run/datadog/apm.socket"),
        template: admitted), is: .passed),
    .init(
      socket, "Datadog's own driver",
      Manifest.deployment(
        container: mounted.container,
        pod: #""volumes":[{"name":"dd","csi":{"driver":"k8s.csi.datadoghq.com"}}],"#), is: .passed),
    .init(socket, "traces over TCP", Manifest.deployment(hostIP), is: .skipped, says: "TCP"),
  ]
}
