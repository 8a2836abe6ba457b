import Configuration
package import Diagnosis
package import Probes

/// Whether the Agent's own key and its way to the site are good.
package struct AgentForwarding: Check {
  package let about = About(
    id: .agentForwarding,
    title: "Agent's own key and way out are good",
    explanation: """
      An Agent accepts every span, whatever its own key is worth. Asked through its evp_proxy, it \
      calls its site's API with its own key and hands the answer back: so an invalid key, or a \
      firewall behind the Agent, is seen from the application's side. No key of ours is sent.
      """,
    fix: """
      Give the Agent a valid DD_API_KEY and the DD_SITE that the key belongs to, and let it reach \
      its site (DD_PROXY_HTTPS).
      """,
    docs: Docs.agentProxy,
    needs: [.agentEVPProxy],
    statuses: [.passed, .failed, .skipped, .unknown])

  package init() {}

  package func judge(_ seen: Observations) async throws -> Outcome {
    guard let exchange = try await seen.agentForwarding else {
      return .skipped("this Agent lists no evp_proxy to ask through")
    }
    guard let answer = exchange.answer else {
      return .unknown(.unanswered(exchange, exchange.fault ?? Fault(.closed, "no answer")))
    }
    switch answer.status {
    case 200 where answer.saysValid == true:
      return .passed("the Agent's key is valid on its site, and its way there is open")
    case 200 where answer.saysValid == false:
      return .failed(.keyRefused(exchange, answer))
    // The API speaks JSON; a page comes from something between.
    case 403 where answer.body.drop(while: \.isWhitespace).hasPrefix("<"):
      return .failed(.intercepted(exchange, answer))
    case 403: return .failed(.keyRefused(exchange, answer))
    case 502: return .failed(.noWayOut(exchange, answer))
    case 404: return .skipped("its evp_proxy does not lead to the API (404)")
    case 405: return .skipped("its evp_proxy is disabled: \(answer.summary)")
    case 429: return .unknown(.unexpected(exchange, answer, .throttled))
    default: return .unknown(.unexpected(exchange, answer, .http))
    }
  }
}

extension Problem {
  fileprivate static func keyRefused(_ exchange: Exchange, _ answer: Answer) -> Problem {
    Problem(
      "the Agent takes spans, but its own API key is refused by its site", class: .unauthorized,
      evidence: evidence(exchange, answer.summary),
      remedies: .edit("give the Agent a valid DD_API_KEY, or the DD_SITE that its key belongs to"),
      .command("sudo datadog-agent status", "it names its key's last digits and its site"))
  }

  fileprivate static func noWayOut(_ exchange: Exchange, _ answer: Answer) -> Problem {
    Problem(
      "the Agent takes spans, but can't reach its site", class: .noEgress,
      evidence: evidence(exchange, answer.summary),
      remedies: .edit("let the Agent reach its site over TCP 443, or give it DD_PROXY_HTTPS"),
      .command("sudo datadog-agent diagnose", "on the Agent's host: which address fails"))
  }

  /// A page where the API speaks JSON: something between the Agent and its site answers.
  fileprivate static func intercepted(_ exchange: Exchange, _ answer: Answer) -> Problem {
    Problem(
      "the Agent takes spans, but something on its way to the site answers in the site's place",
      class: .noEgress, evidence: evidence(exchange, answer.summary),
      remedies: .edit("let the Agent reach its site past that filter, or give it DD_PROXY_HTTPS"),
      .command("sudo datadog-agent diagnose", "on the Agent's host: which address fails"))
  }

  fileprivate static func unanswered(_ exchange: Exchange, _ fault: Fault) -> Problem {
    Problem(
      "the Agent did not say whether its key and way out are good: \(fault.message)",
      class: fault.failureClass, evidence: evidence(exchange, fault.message),
      remedies: .command("sudo datadog-agent diagnose", "on the Agent's host"))
  }

  fileprivate static func unexpected(
    _ exchange: Exchange, _ answer: Answer, _ failureClass: FailureClass
  ) -> Problem {
    Problem(
      "asked through the Agent, the site's API answers \(answer.line)", class: failureClass,
      evidence: evidence(exchange, answer.summary),
      remedies: .command("sudo datadog-agent diagnose", "on the Agent's host"))
  }

  private static func evidence(_ exchange: Exchange, _ measured: String) -> Evidence {
    Evidence(
      "answer", measured: measured, expected: "200 {\"valid\":true}",
      source: "\(exchange.url), asked by the Agent with its own key")
  }
}
