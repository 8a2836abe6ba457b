/// A way for an Agent's port to be wrong, by the name that `--fault` takes.
package enum AgentFault: String, CaseIterable, Codable, Sendable {
  // Nothing usable on the connection.
  case refused
  case silent
  case drip
  case reset
  case resetOnAccept = "reset-on-accept"
  case resetInBody = "reset-in-body"
  case closed
  case halfHead = "half-head"
  // Another protocol.
  case garbage
  case ssh
  case redis
  case tls
  case http2Preface = "http2-preface"
  // HTTP that breaks its own rules, or has no end.
  case flood
  case endlessHeaders = "endless-headers"
  case endless100 = "endless-100"
  case badChunk = "bad-chunk"
  case twoLengths = "two-lengths"
  case gzipBody = "gzip-body"
  // HTTP, but no Agent.
  case webPage = "web-page"
  case notFound = "not-found"
  case redirect
  case unauthorized
  case forbidden
  case status500 = "status-500"
  case status502 = "status-502"
  case status503 = "status-503"
  case emptyJSON = "empty-json"
  case nullJSON = "null-json"
  case jsonArray = "json-array"
  case deepJSON = "deep-json"
  case mistypedInfo = "mistyped-info"
  // Receivers that take an Agent's place.
  case oldAgent = "old-agent"
  case lambdaExtension = "lambda-extension"
  case otelCollector = "otel-collector"
  case testAgent = "test-agent"
  // An Agent that answers, and loses telemetry all the same.
  case slow
  case noTraces = "no-traces"
  case spanRejected400 = "span-rejected-400"
  case spanRejected413 = "span-rejected-413"
  case spanRejected415 = "span-rejected-415"
  case spanRejected429 = "span-rejected-429"
  case spanRejected500 = "span-rejected-500"
  case spanEmptyAnswer = "span-empty-answer"
  case spanHTML = "span-html"
  case spanTimeout = "span-timeout"
  case filters
  case sampledOut = "sampled-out"
  case noMetaStructs = "no-meta-structs"
  case keyRefused = "key-refused"
  case noEgress = "no-egress"
  case egressTimeout = "egress-timeout"
  case noEVPProxy = "no-evp-proxy"
  case evpDisabled = "evp-disabled"
  case dogStatsDOff = "dogstatsd-off"
  case dogStatsDPort = "dogstatsd-port"

  package var name: String { rawValue }

  /// One sentence on what the port does, lower case and without a full stop.
  package var summary: String {
    switch self {
    case .refused: "nothing listens: every connection is refused"
    case .silent: "takes connections and never answers"
    case .drip: "answers a byte every 200 ms, for ever"
    case .reset: "resets the connection when it has read the request"
    case .resetOnAccept: "resets each connection at once"
    case .resetInBody: "resets the connection in the middle of the answer's body"
    case .closed: "closes the connection without a byte of an answer"
    case .halfHead: "closes the connection in the middle of the answer's head"
    case .garbage: "answers with bytes of no protocol"
    case .ssh: "is an SSH server"
    case .redis: "is a Redis server"
    case .tls: "expects TLS and answers plain HTTP with an alert"
    case .http2Preface: "speaks HTTP/2 only"
    case .flood: "answers with a body that has no end"
    case .endlessHeaders: "answers with header fields that have no end"
    case .endless100: "says 100 Continue for ever"
    case .badChunk: "sends a chunk whose size is no number"
    case .twoLengths: "sends two Content-Lengths that differ"
    case .gzipBody: "compresses its answers though nobody asked"
    case .webPage: "is a web server with a page for every path"
    case .notFound: "is a web server that knows no path"
    case .redirect: "redirects every request to another host"
    case .unauthorized: "demands a login (401)"
    case .forbidden: "forbids every request (403)"
    case .status500: "answers everything with 500"
    case .status502: "answers everything with 502, as a proxy without a backend does"
    case .status503: "answers everything with 503, as a load balancer does"
    case .emptyJSON: "answers everything with an empty JSON object"
    case .nullJSON: "answers everything with the JSON value null"
    case .jsonArray: "answers everything with an empty JSON array"
    case .deepJSON: "answers everything with 513 opening brackets"
    case .mistypedInfo: "gives the fields of /info the wrong types"
    case .oldAgent: "is an Agent from before /info and evp_proxy that takes traces"
    case .lambdaExtension: "is the Datadog Lambda extension"
    case .otelCollector: "is an OpenTelemetry Collector with its datadog receiver"
    case .testAgent: "is Datadog's test agent"
    case .slow: "answers rightly, 300 ms late"
    case .noTraces: "is an Agent without trace endpoints"
    case .spanRejected400: "refuses spans as malformed (400)"
    case .spanRejected413: "refuses spans as too large (413)"
    case .spanRejected415: "refuses spans for their media type (415)"
    case .spanRejected429: "refuses spans for want of CPU (429)"
    case .spanRejected500: "fails on spans (500)"
    case .spanEmptyAnswer: "answers spans with 200 and {}, without sampling rates"
    case .spanHTML: "answers spans with 200 and a web page"
    case .spanTimeout: "takes spans and never answers them"
    case .filters: "takes spans and drops those that its filters match"
    case .sampledOut: "takes spans and keeps none (target_tps 0)"
    case .noMetaStructs: "drops the part of a span that carries LLM Observability"
    case .keyRefused: "has an API key that Datadog refuses"
    case .noEgress: "can't reach Datadog (502 from evp_proxy)"
    case .egressTimeout: "waits for Datadog without an end"
    case .noEVPProxy: "has no evp_proxy"
    case .evpDisabled: "has its evp_proxy disabled (405)"
    case .dogStatsDOff: "has DogStatsD off"
    case .dogStatsDPort: "says that DogStatsD listens on port 9125"
    }
  }
}
