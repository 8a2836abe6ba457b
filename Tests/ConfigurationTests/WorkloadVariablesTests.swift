import Testing

@testable import Configuration

@Suite struct `A workload's variables` {
  private static func pod(_ container: String, spec: String = "", metadata: String = "") -> String {
    """
    {"apiVersion":"v1","kind":"Pod","metadata":{"name":"web-1","namespace":"shop"\(metadata)},
     "spec":{"containers":[{"name":"app",\(container)}]\(spec)},
     "status":{"hostIP":"10.0.0.7"}}
    """
  }

  private func first(_ text: String) throws -> Workload {
    try #require(try workloads(text).first)
  }

  @Test func `of a pod are expanded from those before them, and the last of a name counts`() throws
  {
    let workload = try first(
      Self.pod(
        #"""
        "env":[{"name":"HOST","valueFrom":{"fieldRef":{"fieldPath":"status.hostIP"}}},
          {"name":"DD_TRACE_AGENT_URL","value":"http://$(HOST):8126"},
          {"name":"DD_TAGS","value":"a:$(LATER),b:$$(HOST)"},{"name":"LATER","value":"x"},
          {"name":"DD_ENV","value":"old"},{"name":"DD_ENV","value":"new"},{"name":"DD_VERSION"}]
        """#))
    #expect(workload.text("DD_TRACE_AGENT_URL") == "http://10.0.0.7:8126")
    #expect(workload.text("DD_TAGS") == "a:$(LATER),b:$(HOST)")
    #expect(workload.text("DD_ENV") == "new")
    #expect(workload.text("DD_VERSION")?.isEmpty == true)
  }

  @Test func `that refer to secrets and maps are there, and unknown`() throws {
    let workload = try first(
      Self.pod(
        #"""
        "env":[{"name":"DD_API_KEY","valueFrom":{"secretKeyRef":{"name":"dd","key":"api-key"}}},
          {"name":"DD_SITE","valueFrom":{"configMapKeyRef":{"name":"m","key":"s","optional":true}}},
          {"name":"DD_TRACE_AGENT_URL","value":"http://$(DD_SITE):8126"}],
         "envFrom":[{"secretRef":{"name":"all"}},{"configMapRef":{"name":"app"},"prefix":"X_"}]
        """#))
    let key = try #require(workload.environment["DD_API_KEY"])
    #expect(key.kept == "secret dd/api-key")
    #expect(!key.isEmpty && key.text == nil && key.secret == nil)
    #expect(workload.environment["DD_SITE"]?.kept == "config map m/s, where that is there")
    #expect(workload.environment["DD_TRACE_AGENT_URL"]?.kept?.contains("DD_SITE, of") == true)
    #expect(workload.facts.unread == ["secret all", "config map app"])
    #expect(workload.credentials["DD_API_KEY"] == nil)
  }

  @Test func `of a pod's fields are its labels, or the field's own name`() throws {
    let labels = #","labels":{"tags.datadoghq.com/service":"shop"}"#
    func field(_ path: String) -> String {
      #"{"name":"DD_\#(path.count)","valueFrom":{"fieldRef":{"fieldPath":"\#(path)"}}}"#
    }
    let paths = [
      "metadata.labels['tags.datadoghq.com/service']", "metadata.labels['tags.datadoghq.com/env']",
      "metadata.uid", "metadata.namespace",
    ]
    let list = paths.map(field).joined(separator: ",")
    let workload = try first(Self.pod(#""env":[\#(list)]"#, metadata: labels))
    #expect(paths.map { workload.text("DD_\($0.count)") } == ["shop", "", "metadata.uid", "shop"])
    #expect(workload.environment["DD_18"]?.field == "metadata.namespace")
  }

  @Test func `of a deployment come with the place of its pods`() throws {
    let found = try workloads(
      #"""
      {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","namespace":"shop",
        "labels":{"admission.datadoghq.com/enabled":"true"}},
       "spec":{"template":{"metadata":{"annotations":{
          "admission.datadoghq.com/js-lib.version":"v5"}},
        "spec":{"hostNetwork":true,"volumes":[{"name":"dd","hostPath":{"path":"/var/run/datadog/",
            "type":"DirectoryOrCreate"}},{"name":"tmp","emptyDir":{}}],
          "initContainers":[{"name":"wait"},{"name":"proxy","restartPolicy":"Always"}],
          "containers":[{"name":"app","image":"node:22","ports":[
            {"containerPort":80,"hostPort":8080}],"volumeMounts":[
            {"name":"dd","mountPath":"/var/run/datadog"},{"name":"tmp","mountPath":"/tmp"}]}]}}}}
      """#)
    #expect(found.map(\.facts.role) == [.initialization, .application, .application])
    let facts = try #require(found.last?.facts)
    #expect(facts.title == "Deployment shop/web, container app")
    #expect(facts.networkMode == "host")
    #expect(facts.language == .node && facts.isInjected && !facts.isAdmitted)
    #expect(facts.misplacedAdmission == "true" && facts.admission == nil)
    #expect(facts.ports == [WorkloadPort(80, host: 8080)])
    #expect(facts.mount(of: "/run/datadog/apm.socket")?.source == "/var/run/datadog/")
    #expect(facts.mount(of: "/tmp/x")?.kind == .volume)
    #expect(facts.mount(of: "/var/run/other") == nil)
  }

  @Test func `of compose are undoubled, and what has no value is not set`() throws {
    let workload = try first(
      #"""
      {"services":{"web":{"image":"python:3.12","command":["ddtrace-run","python","app.py"],
       "environment":{"DD_TAGS":"a:$$b","DD_API_KEY":null,"DD_TRACE_SAMPLE_RATE":0.5,
         "DD_TRACE_ENABLED":true},
       "env_file":[{"path":".env","required":true},"b.env"],
       "ports":["127.0.0.1:8080:80/udp","53",{"target":8126,"published":"8127","protocol":"tcp"}],
       "volumes":["/var/run/datadog:/var/run/datadog:ro",{"type":"volume","source":"v","target":"/d"}],
       "networks":{"back":{"aliases":["w"]},"front":null},"extra_hosts":["h=1.2.3.4","i:1.2.3.4"]}}}
      """#)
    #expect(workload.text("DD_TAGS") == "a:$b")
    #expect(workload.text("DD_TRACE_SAMPLE_RATE") == "0.5")
    #expect(workload.text("DD_TRACE_ENABLED") == "true")
    #expect(!workload.environment.has("DD_API_KEY"))
    let facts = workload.facts
    #expect(facts.unset == ["DD_API_KEY"])
    #expect(facts.unread == ["file .env", "file b.env"])
    #expect(
      facts.ports == [
        WorkloadPort(80, host: 8080, address: "127.0.0.1", isUDP: true), WorkloadPort(53),
        WorkloadPort(8126, host: 8127),
      ])
    #expect(facts.mounts.map(\.kind) == [.host, .volume])
    #expect(facts.networks.map(\.name) == ["back", "front"])
    #expect(facts.extraHosts == ["h", "i"])
    #expect(facts.language == .python)
  }

  @Test func `of docker come with its networks, names and mounts`() throws {
    let workload = try first(
      #"""
      [{"Id":"0123456789abcdef","Name":"/web","State":{"Running":true},
        "Config":{"Env":["DD_ENV=a=b","EMPTY"],"Image":"shop:1","Cmd":["node","app.js"],
          "Hostname":"web-host"},
        "HostConfig":{"NetworkMode":"back","ExtraHosts":["host.docker.internal:host-gateway"],
          "Binds":["/run/datadog:/var/run/datadog:ro","named:/data"]},
        "NetworkSettings":{"Networks":{"back":{"Aliases":["w"]}},
          "Ports":{"8126/tcp":[{"HostIp":"127.0.0.1","HostPort":"8126"}],"8125/udp":null}}}]
      """#)
    #expect(workload.text("DD_ENV") == "a=b")
    let facts = workload.facts
    #expect(facts.networks == [WorkloadNetwork("back", aliases: ["w"])])
    #expect(facts.names == ["web", "0123456789abcdef", "0123456789ab", "web-host"])
    #expect(facts.extraHosts == ["host.docker.internal"])
    #expect(facts.ports.contains(WorkloadPort(8126, host: 8126, address: "127.0.0.1")))
    #expect(facts.ports.contains(WorkloadPort(8125, isUDP: true)))
    #expect(facts.mount(of: "/var/run/datadog/apm.socket")?.source == "/run/datadog")
    #expect(facts.language == .node)
  }

  @Test func `of ECS are its own and its secrets'`() throws {
    let found = try workloads(
      #"""
      {"taskDefinition":{"family":"t","networkMode":"awsvpc","requiresCompatibilities":["FARGATE"],
       "executionRoleArn":"arn:aws:iam::1:role/r","volumes":[{"name":"v","host":{}},
         {"name":"h","host":{"sourcePath":"/var/run/datadog/"}}],
       "containerDefinitions":[
        {"name":"app","image":"app","environment":[{"name":"DD_ENV","value":"a"}],
         "secrets":[{"name":"DD_API_KEY","valueFrom":"arn:aws:ssm:r:1:parameter/k"}],
         "environmentFiles":[{"type":"s3","value":"arn:aws:s3:::b/e.env"}],
         "mountPoints":[{"sourceVolume":"v","containerPath":"/v"},
           {"sourceVolume":"h","containerPath":"/var/run/datadog","readOnly":null}]},
        {"name":"datadog-agent","image":"public.ecr.aws/datadog/agent:latest"}]}}
      """#)
    #expect(found.map(\.facts.role) == [.application, .agent])
    let app = try #require(found.first)
    #expect(app.facts.isFargate && app.facts.hasExecutionRole == true)
    #expect(app.facts.networkMode == "awsvpc")
    #expect(app.environment["DD_API_KEY"]?.kept == "secret arn:aws:ssm:r:1:parameter/k")
    #expect(app.facts.unread == ["file arn:aws:s3:::b/e.env"])
    #expect(app.facts.mounts.map(\.kind) == [.volume, .host])
    #expect(app.facts.shares(found[1].facts))
    #expect(try first(#"{"containerDefinitions":[{"name":"c"}]}"#).facts.networkMode == "bridge")
  }

  @Test func `of a function come with what AWS says of it`() throws {
    let workload = try first(
      #"""
      {"FunctionName":"f","FunctionArn":"arn:aws:lambda:eu-west-1:1:function:f","Runtime":"python3.12",
       "Handler":"a.b","Timeout":3,"VpcConfig":{"VpcId":"vpc-1"},"Layers":[
        {"Arn":"arn:aws:lambda:eu-west-1:464622532012:layer:Datadog-Extension:98","CodeSize":1}],
       "Environment":{"Variables":{"DD_SITE":"datadoghq.eu"}}}
      """#)
    let lambda = try #require(workload.lambda)
    #expect(lambda.region == "eu-west-1" && lambda.architecture == "x86_64")
    #expect(lambda.timeoutSeconds == 3 && lambda.isInVPC == true)
    #expect(lambda.hasExtension == true)
    #expect(workload.facts.language == .python)
    #expect(workload.text("DD_SITE") == "datadoghq.eu")
    // A request names its changes alone: what it leaves out is unknown.
    let request = try first(
      #"{"FunctionName":"arn:aws:lambda:us-east-2:1:function:g","Layers":["arn:aws:lambda:r:1:layer:x:1"]}"#
    )
    #expect(request.facts.name == "g")
    #expect(request.lambda?.architecture == nil && request.lambda?.isInVPC == nil)
    #expect(request.lambda?.layers?.count == 1)
    let locked = try first(
      #"{"FunctionName":"f","Environment":{"Error":{"ErrorCode":"AccessDenied","Message":"no"}}}"#)
    #expect(locked.lambda?.variablesError == "AccessDenied: no")
    #expect(locked.facts.unread.count == 1)
  }

  @Test func `of a unit are unquoted as systemd quotes them`() throws {
    let workload = try first(
      #"""
      Id=shop.service
      MainPID=0
      ExecStart={ path=/srv/venv/bin/python ; argv[]=/srv/venv/bin/python app.py ; ignore_errors=no }
      Environment=DD_ENV=prod "DD_TAGS=a:b c:\"d\" \$x \\ \t" DD_SITE=datadoghq.eu
      EnvironmentFiles=/etc/shop.env (ignore_errors=yes)
      EnvironmentFiles=/etc/more.env (ignore_errors=no)
      """#)
    #expect(workload.text("DD_ENV") == "prod")
    #expect(workload.text("DD_TAGS") == "a:b c:\"d\" $x \\ \t")
    #expect(workload.text("DD_SITE") == "datadoghq.eu")
    #expect(workload.facts.name == "shop.service" && workload.facts.processID == nil)
    #expect(workload.facts.unread == ["file /etc/shop.env", "file /etc/more.env"])
    #expect(workload.facts.language == .python)
  }

  @Test func `never grow beyond a bound by what they refer to`() throws {
    let doubled = (1...24).map {
      #"{"name":"DD_A\#($0)","value":"$(DD_A\#($0 - 1))$(DD_A\#($0 - 1))"}"#
    }
    let pod = try first(
      Self.pod(#""env":[{"name":"DD_A0","value":"a"},\#(doubled.joined(separator: ","))]"#))
    let file = try first(
      "DD_A0=a\n" + (1...24).map { "DD_A\($0)=$DD_A\($0 - 1)$DD_A\($0 - 1)\n" }.joined())
    for environment in [pod.environment, file.environment] {
      #expect(environment["DD_A3"]?.text == "aaaaaaaa")
      #expect(environment["DD_A24"]?.kept?.hasSuffix("an expansion that is too long") == true)
      #expect(environment.variables.map(\.length).reduce(0, +) <= 1 << 20)
    }
    // What they refer to elsewhere is named, and the way there is not told for ever.
    let chain = try first(
      "DD_A0=$X\n" + (1...100).map { "DD_A\($0)=$DD_A\($0 - 1)\n" }.joined())
    #expect(chain.environment["DD_A1"]?.kept == "DD_A0, of the shell's X")
    #expect(chain.environment.variables.allSatisfy { ($0.kept ?? "").count < 300 })
  }

  @Test func `of many containers stand beside some of the others, the Agent's among them`() throws {
    let list = (1...300).map { #"{"name":"c\#($0)"}"# } + [#"{"name":"a","image":"datadog/agent"}"#]
    let found = try workloads(
      #"{"kind":"Pod","spec":{"containers":[\#(list.joined(separator: ","))]}}"#)
    #expect(found.count == 301)
    let lists = found.map { ($0.facts, Set($0.facts.neighbours.map(\.name))) }
    #expect(lists.allSatisfy { $1.count == 64 && !$1.contains($0.container ?? "") })
    #expect(lists.allSatisfy { $1.contains("a") || $0.role == .agent })
  }

  @Test(arguments: [280, 285, 290])
  func `keep no piece of a key where a command is cut off`(length: Int) throws {
    let digits = "0123456789abcdef0123456789abcdef"
    let words = String(repeating: "x", count: length) + " " + digits
    let workload = try first(Self.pod(#""command":["sh","-c","\#(words)"]"#))
    let command = try #require(workload.facts.command)
    #expect(command.hasPrefix("sh -c xxx") && !command.contains("0123"), "\(command)")
  }
}
