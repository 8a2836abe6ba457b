import Configuration
package import Diagnosis
package import Probes
import Wire

/// Whether this machine's clock agrees with the site's.
package struct SiteClock: Check {
  package let about = About(
    id: "site.clock",
    title: "Clock agrees with the site's",
    explanation: """
      Spans carry this machine's time. The live views show the last 15 minutes, so a clock that is \
      further off hides all that arrives, or puts it into the future; the LLM Observability intake \
      refuses what is older than 24 hours. Compared with the Date of the site's answer, to a second. \
      Five minutes are a warning, fifteen a failure; where Datadog itself collects (openai-api), no \
      more than a warning.
      """,
    fix: "Let the machine keep time (chrony, systemd-timesyncd, the hypervisor's clock).",
    docs: Docs.llmObservabilityAPI,
    needs: [.siteReachable],
    statuses: [.passed, .warning, .failed, .skipped])

  package init() {}

  package func judge(_ seen: Observations) async throws -> Outcome {
    guard let answered = try await seen.siteAnswers, let answer = answered.exchange.answer else {
      return .skipped("the site was not asked")
    }
    guard let date = answer.fields["Date"].flatMap(HTTPDate.seconds) else {
      return .skipped("the site's answer has no date")
    }
    let skew = Skew(seconds: Int(answered.answeredAt.rounded()) - date)
    let settings = seen.settings
    guard skew.minutes >= 5 else {
      return .passed("agrees with \(settings.site.site?.apiHost ?? "the site")")
    }
    let problem = Problem.off(skew, answered.exchange, settings)
    let isStamping = settings.setup != .openAIAPI
    return skew.minutes >= 15 && isStamping ? .failed(problem) : .warning(problem)
  }
}

/// How far this clock is before the site's.
private struct Skew {
  let seconds: Int

  var minutes: Int { abs(seconds) / 60 }

  /// `17 minutes ahead`.
  var words: String {
    let amount =
      minutes >= 2880
      ? "\(minutes / 1440) days" : minutes >= 120 ? "\(minutes / 60) hours" : "\(minutes) minutes"
    return "\(amount) \(seconds > 0 ? "ahead" : "behind")"
  }
}

extension Problem {
  fileprivate static func off(_ skew: Skew, _ exchange: Exchange, _ settings: Settings) -> Problem {
    let effect =
      switch skew.minutes {
      case _ where settings.setup == .openAIAPI: ""
      case 1440...: ": the intake refuses what is a day old"
      case 15...: ": spans fall out of the last 15 minutes that are shown"
      default: ": spans stand at the wrong time"
      }
    return Problem(
      "this clock is \(skew.words) of the site's\(effect)", class: .clockSkew,
      evidence: Evidence(
        "skew", measured: "\(skew.seconds) s",
        expected: settings.setup == .openAIAPI ? "under 5 minutes" : "under 5 minutes (15 fail)",
        source: "Date of \(exchange.url)"),
      remedies: .command("timedatectl set-ntp true", "on the host: a container takes its clock"),
      .command("date -u", "what this machine believes"))
  }
}
