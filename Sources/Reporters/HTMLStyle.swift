import Diagnosis

/// The style sheet, the script and the icons of the HTML report: ours alone, put out as they are.
enum HTMLStyle {
  /// What the Content-Security-Policy lets run: nothing but the script below.
  static let scriptHash = "sha256-s9op62zxbsgg7vFbz8r4bDNELugmE+txZh2Ge7C8VF0="

  static func icon(_ status: Status) -> Markup {
    """
    <svg class="icon \(status.rawValue)" viewBox="0 0 20 20" aria-hidden="true">\
    <use href="#i-\(status.rawValue)"/></svg>
    """
  }

  static func icon(_ status: Delivery.RungStatus) -> Markup {
    switch status {
    case .reached: icon(Status.passed)
    case .failed: icon(Status.failed)
    case .unknown: icon(Status.unknown)
    case .notReached: icon(Status.blocked)
    case .notApplicable: icon(Status.skipped)
    }
  }

  static func word(_ status: Delivery.RungStatus) -> String {
    switch status {
    case .reached: "proved"
    case .failed: "failed"
    case .unknown: "not proved"
    case .notReached: "not reached"
    case .notApplicable: "none here"
    }
  }

  /// One drawing a status; a shape each, so that none is told by its colour alone.
  static let icons = Markup(
    unescaped: """
      <svg class="sprite" aria-hidden="true" width="0" height="0"><defs>
      <symbol id="i-passed" viewBox="0 0 20 20"><circle cx="10" cy="10" r="8.5"/>\
      <path d="M6.2 10.4l2.6 2.6 5-5.6"/></symbol>
      <symbol id="i-failed" viewBox="0 0 20 20"><circle cx="10" cy="10" r="8.5"/>\
      <path d="M7 7l6 6m0-6l-6 6"/></symbol>
      <symbol id="i-warning" viewBox="0 0 20 20"><path d="M10 2.2L18.6 17.4H1.4z"/>\
      <path d="M10 7.6v4.6m0 2.2v.4"/></symbol>
      <symbol id="i-unknown" viewBox="0 0 20 20"><circle cx="10" cy="10" r="8.5"/>\
      <path d="M7.6 7.8a2.5 2.5 0 1 1 3.6 2.3q-1.2.6-1.2 1.8m0 2.2v.4"/></symbol>
      <symbol id="i-skipped" viewBox="0 0 20 20"><circle cx="10" cy="10" r="8.5"/>\
      <path d="M6.5 10h7"/></symbol>
      <symbol id="i-blocked" viewBox="0 0 20 20">\
      <circle cx="10" cy="10" r="8.5" stroke-dasharray="3 2.6"/></symbol>
      </defs></svg>

      """)

  /// Buttons that copy a command, and everything open on paper; all else works without it.
  static let script = Markup(
    unescaped: """
      "use strict";
      for (const box of document.querySelectorAll(".command")) {
        const code = box.querySelector("code");
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = "Copy";
        button.setAttribute("aria-live", "polite");
        button.addEventListener("click", async () => {
          try {
            await navigator.clipboard.writeText(code.textContent);
            button.textContent = "Copied";
            setTimeout(() => { button.textContent = "Copy"; }, 2000);
          } catch {
            getSelection().selectAllChildren(code);
          }
        });
        box.append(button);
      }
      addEventListener("beforeprint", () => {
        for (const details of document.querySelectorAll("details")) details.open = true;
      });
      """)
}
