import Configuration
import Diagnosis
import Probes

private let tagged = ["DD_SERVICE": "shop", "DD_ENV": "prod", "DD_TAGS": "team:a"]

private func filtering(_ fields: String) -> CannedAgent { .describing(fields) }

private let hostile = String(repeating: ".?", count: 80) + "z!"
private let strangers = Array(repeating: #""\#(hostile)""#, count: 300).joined(separator: ",")

extension AgentRows {
  static let filters: [CheckRow] = [
    CheckRow("agent.filters", "none", tagged, is: .passed, says: "filters nothing"),
    CheckRow(
      "agent.filters", "none of them meets", tagged,
      agent: filtering(#""filter_tags":{"require":["env:prod"],"reject":["env:dev"]}"#),
      is: .passed,
      says: "2 filters"),
    CheckRow(
      "agent.filters", "an old Agent lists none", tagged,
      agent: CannedAgent(.status(404)), is: .skipped),
    CheckRow(
      "agent.filters", "#5 rejects the application's env", tagged,
      agent: filtering(#""filter_tags":{"reject":["env:prod"]}"#), is: .failed, .filtered,
      remedy: "env:prod"),
    CheckRow(
      "agent.filters", "#5 rejects by a key alone", tagged,
      agent: filtering(#""filter_tags":{"reject":["team"]}"#), is: .failed, .filtered),
    CheckRow(
      "agent.filters", "#5 rejects by a pattern", tagged,
      agent: filtering(#""filter_tags_regex":{"reject":["env:pr.*"]}"#), is: .failed, .filtered),
    CheckRow(
      "agent.filters", "#5 requires another env", tagged,
      agent: filtering(#""filter_tags":{"require":["env:staging"]}"#), is: .failed, .filtered,
      remedy: "DD_ENV"),
    CheckRow(
      "agent.filters", "#5 requires a tag that may be set on the span", tagged,
      agent: filtering(#""filter_tags":{"require":["tenant:x"]}"#), is: .warning, .filtered,
      remedy: "DD_TAGS"),
    CheckRow(
      "agent.filters", "#5 requires a pattern that is not met", tagged,
      agent: filtering(#""filter_tags_regex":{"require":["env:st.*"]}"#), is: .failed, .filtered,
      remedy: "filter_tags_regex.require"),
    CheckRow(
      "agent.filters", "#5 requires a pattern of a tag that may be set on the span", tagged,
      agent: filtering(#""filter_tags_regex":{"require":["tenant:x.*"]}"#), is: .warning, .filtered),
    CheckRow(
      "agent.filters", "a required tag is set beside those that are", tagged,
      agent: filtering(#""filter_tags":{"require":["tenant:x"]}"#), is: .warning, .filtered,
      remedy: "export DD_TAGS=team:a,tenant:x"),
    CheckRow(
      "agent.filters", "a required tag takes the place of its other value",
      ["DD_TAGS": "team:a owner:me"],
      agent: filtering(#""filter_tags":{"require":["team:b"]}"#), is: .failed, .filtered,
      remedy: "export DD_TAGS=owner:me,team:b"),
    CheckRow(
      "agent.filters", "a required tag without a value", tagged,
      agent: filtering(#""filter_tags":{"require":["tenant"]}"#), is: .warning, .filtered,
      remedy: "export DD_TAGS='team:a,tenant:<value>'"),
    CheckRow(
      "agent.filters", "the service is no tag to reject", tagged,
      agent: filtering(
        #""filter_tags":{"reject":["service:shop"]},"filter_tags_regex":{"reject":["service:s"]}"#),
      is: .passed, says: "2 filters"),
    CheckRow(
      "agent.filters", "#5 the service is no tag to require", tagged,
      agent: filtering(#""filter_tags":{"require":["service:shop"]}"#), is: .failed, .filtered,
      remedy: "take 'service:shop' out of the Agent's filter_tags.require",
      says: "every trace is dropped"),
    CheckRow(
      "agent.filters", "the service is no tag to a pattern", tagged, .php,
      agent: filtering(#""filter_tags_regex":{"require":["service:.*"]}"#), is: .failed, .filtered,
      remedy: "filter_tags_regex.require"),
    CheckRow(
      "agent.filters", "the service is no tag to require, and the tracer is not known", tagged, nil,
      agent: filtering(#""filter_tags":{"require":["service:shop"]}"#), is: .warning, .filtered),
    CheckRow(
      "agent.filters", "Node writes the service among the tags too", tagged, .node,
      agent: filtering(#""filter_tags":{"require":["service:shop"]}"#), is: .passed),
    CheckRow(
      "agent.filters", "#5 rejects the service that Node writes", tagged, .node,
      agent: filtering(#""filter_tags":{"reject":["service:shop"]}"#), is: .failed, .filtered),
    CheckRow(
      "agent.filters", "#5 ignores OpenAI's resources", tagged,
      agent: filtering(#""ignore_resources":["create.*"]"#), is: .warning, .filtered,
      remedy: "DD_APM_IGNORE_RESOURCES", says: "a trace whose root is an OpenAI call is dropped"),
    CheckRow(
      "agent.filters", "#5 ignores other resources", tagged,
      agent: filtering(#""ignore_resources":["GET /health","("]"#), is: .passed,
      says: "none of the 1 that can be judged"),
    CheckRow(
      "agent.filters", "hundreds of rules before the one that matters", tagged,
      agent: filtering(
        #""filter_tags":{"require":[\#(strangers),\#(strangers),"env:dev"]}"#), is: .failed,
      .filtered, says: "env:dev"),
    CheckRow(
      "agent.filters", "the worse of two comes first", tagged,
      agent: filtering(#""filter_tags":{"require":["tenant:x","env:staging"]}"#), is: .failed,
      .filtered, says: "env:staging"),
    CheckRow(
      "agent.filters", "a stranger's pattern that would take years", tagged,
      agent: filtering(
        #""ignore_resources":["((\\w+)+)+!","(.*)*(.*)*(.*)*x$","\#(hostile)"]"#), is: .passed,
      says: "3 filters"),
    CheckRow(
      "agent.filters", "a stranger's long lists of long patterns", tagged,
      agent: filtering(
        #""ignore_resources":[\#(strangers)],"filter_tags_regex":{"reject":["env:\#(hostile)"]}"#),
      is: .passed, says: "301 filters"),
  ]

  static let dogStatsD: [CheckRow] = [
    CheckRow("agent.dogstatsd", "nobody refuses", is: .passed, says: "UDP proves no receipt"),
    CheckRow(
      "agent.dogstatsd", "refused, and Python does not use it",
      agent: CannedAgent().with { $0.datagram = Fault(.refused, "connection refused") },
      is: .skipped,
      says: "sends no OpenAI metrics"),
    CheckRow(
      "agent.dogstatsd", "refused, and Python's runtime metrics use it",
      ["DD_RUNTIME_METRICS_ENABLED": "true"],
      agent: CannedAgent().with { $0.datagram = Fault(.refused, "connection refused") },
      is: .warning,
      .refused),
    CheckRow(
      "agent.dogstatsd", "refused, and /info names another port",
      ["DD_RUNTIME_METRICS_ENABLED": "true", "DD_DOGSTATSD_PORT": "9125"],
      agent: CannedAgent().with { $0.datagram = Fault(.refused, "connection refused") },
      is: .warning,
      .conflict, remedy: "DD_DOGSTATSD_PORT"),
    CheckRow(
      "agent.dogstatsd", "refused, and PHP uses it", [:], .php,
      agent: CannedAgent().with { $0.datagram = Fault(.refused, "connection refused") },
      is: .warning,
      .refused),
    CheckRow(
      "agent.dogstatsd", "refused, and PHP's metrics are off",
      ["DD_OPENAI_METRICS_ENABLED": "false"], .php,
      agent: CannedAgent().with { $0.datagram = Fault(.refused, "connection refused") },
      is: .skipped),
    CheckRow(
      "agent.dogstatsd", "refused, and Node goes through the Agent", [:], .node,
      agent: CannedAgent().with { $0.datagram = Fault(.refused, "connection refused") },
      is: .skipped,
      says: "/dogstatsd/v2/proxy"),
    CheckRow(
      "agent.dogstatsd", "refused, and Node has no other way", [:], .node,
      agent: .describing(endpoints: ["/v0.4/traces"]).with {
        $0.datagram = Fault(.refused, "connection refused")
      }, is: .warning, .refused),
    CheckRow(
      "agent.dogstatsd", "refused, and who uses it is not known", [:], nil,
      agent: CannedAgent().with { $0.datagram = Fault(.refused, "connection refused") },
      is: .skipped),
    CheckRow(
      "agent.dogstatsd", "another port than the Agent's", ["DD_AGENT_HOST": "dd"], .php,
      agent: .describing(config: #""statsd_port":9125"#), is: .warning, .conflict,
      remedy: "export DD_DOGSTATSD_URL=udp://dd:9125"),
    CheckRow(
      "agent.dogstatsd", "another port than the Agent's, to Node", [:], .node,
      agent: .describing(endpoints: ["/v0.4/traces"], config: #""statsd_port":9125"#), is: .warning,
      .conflict, remedy: "export DD_DOGSTATSD_PORT=9125"),
    CheckRow(
      "agent.dogstatsd", "switched off in the Agent", [:], .php,
      agent: .describing(config: #""statsd_port":0"#), is: .warning, .disabled,
      remedy: "DD_USE_DOGSTATSD"),
    CheckRow(
      "agent.dogstatsd", "another port, and Python does not use it", [:], .python,
      agent: .describing(config: #""statsd_port":9125"#), is: .passed),
    CheckRow(
      "agent.dogstatsd", "an address that PHP can't use", ["DD_DOGSTATSD_URL": "tcp://m:1"], .php,
      is: .warning, .malformed, remedy: "DD_DOGSTATSD_URL"),
    CheckRow(
      "agent.dogstatsd", "the run's deadline came first", [:], .php,
      agent: CannedAgent().with { $0.datagram = Fault(.interrupted, "x") }, is: .unknown,
      .interrupted),
  ]
}
