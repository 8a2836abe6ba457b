extension HTMLStyle {
  /// Light unless a screen asks for dark; paper is always light.
  static let sheet = Markup(
    unescaped: """
      :root { --paper: #faf9f7; --card: #fff; --ink: #1d2026; --soft: #565c66; --line: #dfe0e3;
        --strong: #b9bdc4; --code: #f3f2ef; --good: #17754a; --bad: #b3261e; --warn: #855600;
        --open: #54488f; --good-tint: #eef7f1; --bad-tint: #fdf2f0; --warn-tint: #fdf7ea;
        --open-tint: #f4f2fb; --dns: #9db7d9; --connect: #4f83c4; --tls: #8d74c9; --wait: #2f8f83;
        --rest: #bcc2cb; --link: #1d56a8; }
      @media screen and (prefers-color-scheme: dark) {
        :root { --paper: #14161a; --card: #1b1e23; --ink: #e8e9eb; --soft: #a4aab4; --line: #2f333a;
          --strong: #545a64; --code: #252a31; --good: #62c794; --bad: #ff8b81; --warn: #e3b35c;
          --open: #b5abf5; --good-tint: #17251e; --bad-tint: #2a1c1c; --warn-tint: #292318;
          --open-tint: #201e2d; --dns: #5f7da6; --connect: #6ea4ea; --tls: #a48fe0;
          --wait: #4db5a6; --rest: #4d535d; --link: #8db9f5; }
      }
      * { box-sizing: border-box; }
      html { -webkit-text-size-adjust: 100%; }
      body { margin: 0; background: var(--paper); color: var(--ink);
        font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue",
          "Liberation Sans", Arial, sans-serif; }
      .masthead, main, footer { max-width: 1008px; margin: 0 auto; padding: 0 24px; }
      p, ul, ol, dl, dd, figure, h1, h2, h3, h4 { margin: 0; padding: 0; }
      ul, ol { list-style: none; }
      a { color: var(--link); text-underline-offset: 2px; overflow-wrap: anywhere; }
      a:focus-visible, button:focus-visible, summary:focus-visible {
        outline: 2px solid var(--link); outline-offset: 2px; border-radius: 4px; }
      code, .id, .url, .class, .measured, .mono, .value, .rung, .question, .echoes li,
      .configuration tbody th { font-family: ui-monospace, "SF Mono", SFMono-Regular, Menlo,
        Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace; font-size: .875em; }
      .sprite { position: absolute; }
      .icon, .mark, symbol { fill: none; stroke: currentColor; stroke-width: 1.6;
        stroke-linecap: round; stroke-linejoin: round; }
      .icon { width: 20px; height: 20px; flex: none; }
      .icon.passed, .mark.passed, .reached .word { color: var(--good); }
      .icon.failed, .mark.failed, .failed > .word { color: var(--bad); }
      .icon.warning, .mark.warning, .warning > .word { color: var(--warn); }
      .icon.unknown, .mark.unknown, .unknown > .word { color: var(--open); }
      .icon.skipped, .icon.blocked, .mark.blocked, .mark.skipped { color: var(--soft); }

      .masthead { display: flex; flex-wrap: wrap; gap: 4px 24px; justify-content: space-between;
        padding-top: 20px; padding-bottom: 20px; font-size: 14px; color: var(--soft); }
      .brand { font-weight: 650; color: var(--ink); }
      .brand span { font-weight: 400; color: var(--soft); }
      .facts { display: flex; flex-wrap: wrap; gap: 0 20px; overflow-wrap: anywhere; }

      .verdict { padding-top: 36px; }
      .state { display: flex; align-items: center; gap: 8px; font-size: 14px; font-weight: 650;
        letter-spacing: .02em; }
      .verdict.passed .state { color: var(--good); } .verdict.failed .state { color: var(--bad); }
      .verdict.warning .state { color: var(--warn); } .verdict.unknown .state { color: var(--open); }
      h1 { margin-top: 8px; font-size: clamp(30px, 5.4vw, 46px); line-height: 1.12;
        font-weight: 680; letter-spacing: -.022em; text-wrap: balance; }
      .lead { margin-top: 10px; font-size: 18px; color: var(--soft); }
      figure { margin-top: 40px; }
      .picture { display: block; width: 100%; height: auto; overflow: visible; }
      .picture.column { display: none; }
      .picture text { fill: var(--ink); font-size: 15px; }
      .picture .name { font-size: 18px; font-weight: 640; }
      .picture .mono { font-size: 13px; }
      .picture .faint { fill: var(--soft); font-size: 14px; }
      .stop rect { fill: var(--card); stroke: var(--line); stroke-width: 1.5; }
      .stop.passed rect { stroke: var(--good); } .stop.warning rect { stroke: var(--warn); }
      .stop.failed rect { stroke: var(--bad); fill: var(--bad-tint); stroke-width: 2; }
      .stop.unknown rect { stroke: var(--strong); }
      .stop.dark rect { fill: none; stroke: var(--strong); stroke-dasharray: 4 5; }
      .stop.dark .name, .stop.dark .mono { fill: var(--soft); }
      .link path { fill: none; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
      .link .label { font-size: 13px; font-weight: 600; }
      .link.proved path { stroke: var(--good); } .link.proved .label { fill: var(--good); }
      .link.unknown path { stroke: var(--open); } .link.unknown .label { fill: var(--open); }
      .link.unknown path:first-child { stroke-dasharray: 2 7; }
      .link.dark path { stroke: var(--strong); } .link.dark path:first-child { stroke-dasharray: 1 7; }
      .link.broken path { stroke: var(--bad); } .link.broken .label { fill: var(--bad);
        font-weight: 680; }
      .link.broken .beyond { stroke: var(--strong); stroke-dasharray: 1 7; }
      .link.broken circle { fill: var(--bad); } .link.broken .cross { stroke: var(--card); }

      section + section { margin-top: 56px; }
      h2 { font-size: 21px; line-height: 1.3; font-weight: 650; letter-spacing: -.01em;
        margin-bottom: 16px; }
      .cause { background: var(--card); border: 1px solid var(--line); border-radius: 12px;
        padding: 24px 28px 22px; border-left: 4px solid var(--line); }
      .cause + .cause { margin-top: 16px; }
      .cause.failed { border-left-color: var(--bad); }
      .cause.warning { border-left-color: var(--warn); }
      .cause.unknown { border-left-color: var(--open); }
      .tags { display: flex; flex-wrap: wrap; align-items: center; gap: 6px 10px; }
      .class { padding: 1px 8px; border-radius: 20px; color: var(--soft);
        border: 1px solid var(--line); }
      .cause.failed .class { color: var(--bad); background: var(--bad-tint); border-color: transparent; }
      .cause.warning .class { color: var(--warn); background: var(--warn-tint);
        border-color: transparent; }
      .cause.unknown .class { color: var(--open); background: var(--open-tint);
        border-color: transparent; }
      h3 { margin: 10px 0 0; font-size: 20px; line-height: 1.35; font-weight: 620;
        overflow-wrap: anywhere; }
      h4 { margin: 22px 0 8px; font-size: 14px; font-weight: 600; color: var(--soft); }
      .evidence { margin-top: 16px; font-size: 15px; }
      .evidence > div { display: grid; grid-template-columns: 132px 1fr; gap: 16px;
        padding: 8px 0; border-top: 1px solid var(--line); }
      .evidence dt { color: var(--soft); overflow-wrap: anywhere; }
      .measured, .expected { overflow-wrap: anywhere; }
      .expected, .source { font-size: 14px; color: var(--soft); overflow-wrap: anywhere; }
      .expected span { color: var(--ink); }
      .remedies { counter-reset: fix; }
      .remedies li { position: relative; padding-left: 30px; overflow-wrap: anywhere; }
      .remedies li + li { margin-top: 12px; }
      .remedies li::before { counter-increment: fix; content: counter(fix); position: absolute;
        left: 0; top: 0; color: var(--soft); font-variant-numeric: tabular-nums; }
      .remedies li:has(> .command)::before { top: 8px; }
      .remedies li p { font-size: 15px; }
      .command + p { margin-top: 4px; color: var(--soft); }
      .command { display: flex; align-items: flex-start; gap: 8px; background: var(--code);
        border-radius: 8px; padding: 9px 8px 9px 14px; }
      .command code { flex: 1; padding: 2px 0; white-space: pre-wrap; overflow-wrap: anywhere; }
      .command button { font: 500 13px/1.2 system-ui, sans-serif; color: var(--ink);
        background: var(--card); border: 1px solid var(--strong); border-radius: 6px;
        padding: 6px 12px; min-width: 70px; cursor: pointer; }
      .command button:hover { border-color: var(--ink); }
      .echoes { display: flex; flex-wrap: wrap; gap: 6px; color: var(--soft); }
      .echoes li { padding: 2px 9px; border: 1px dashed var(--strong); border-radius: 6px; }
      .why { margin-top: 20px; font-size: 14px; color: var(--soft); }
      .why code { color: var(--ink); }

      .ladder li { display: grid; grid-template-columns: 20px 104px 96px 1fr; gap: 4px 14px;
        padding: 9px 0; border-top: 1px solid var(--line); align-items: start; }
      .ladder li:last-child { border-bottom: 1px solid var(--line); }
      .ladder .icon { margin-top: 2px; }
      .rung { line-height: 1.8; }
      .word { font-size: 14px; line-height: 1.75; color: var(--soft); }
      .reason { font-size: 15px; overflow-wrap: anywhere; }
      .notReached .reason, .notApplicable .reason { color: var(--soft); }

      .legend { display: flex; flex-wrap: wrap; gap: 4px 18px; font-size: 14px;
        color: var(--soft); margin-bottom: 8px; }
      .legend li { display: flex; align-items: center; gap: 7px; }
      .legend .scale { margin-left: auto; font-variant-numeric: tabular-nums; }
      .swatch { width: 12px; height: 12px; }
      rect.dns { fill: var(--dns); } rect.connect { fill: var(--connect); }
      rect.tls { fill: var(--tls); } rect.wait { fill: var(--wait); }
      rect.rest { fill: var(--rest); } rect.lost { fill: var(--bad); }
      .waterfall li { display: grid; grid-template-columns: 1fr auto; gap: 2px 20px;
        padding: 12px 0 11px; border-top: 1px solid var(--line); }
      .waterfall li:last-child { border-bottom: 1px solid var(--line); }
      .what { overflow-wrap: anywhere; font-size: 15px; }
      .url { color: var(--soft); margin-left: 8px; }
      .answer { font-size: 15px; text-align: right; color: var(--good); overflow-wrap: anywhere; }
      .answer.bad { color: var(--bad); font-weight: 600; }
      .bar { grid-column: 1 / -1; width: 100%; height: 10px; margin: 5px 0 3px;
        background: var(--code); border-radius: 3px; }
      .numbers { grid-column: 1 / -1; font-size: 13px; color: var(--soft);
        font-variant-numeric: tabular-nums; }
      .numbers span { color: var(--ink); font-weight: 600; margin-right: 8px; }

      table { width: 100%; border-collapse: collapse; font-size: 15px; }
      th, td { text-align: left; vertical-align: baseline; padding: 9px 20px 9px 0;
        border-top: 1px solid var(--line); overflow-wrap: anywhere; font-weight: 400; }
      thead th { border-top: 0; font-size: 14px; color: var(--soft); padding-top: 0; }
      tbody tr:last-child > * { border-bottom: 1px solid var(--line); }
      tbody th { width: 30%; } td.value { width: 32%; } td.value + td { width: 14%; }
      .none { color: var(--soft); } .about { display: none; color: var(--soft); }

      summary { cursor: pointer; padding: 4px 0; font-size: 15px; color: var(--link); }
      details h3 { margin: 20px 0 6px; font-size: 15px; font-weight: 620; }
      .checks li { display: grid; grid-template-columns: 20px 64px minmax(150px, 250px) 1fr;
        gap: 4px 12px; padding: 7px 0; border-top: 1px solid var(--line); }
      .checks .icon { margin-top: 1px; }
      .checks .message { font-size: 15px; overflow-wrap: anywhere; }
      .checks .id { line-height: 1.7; overflow-wrap: anywhere; }
      .checks .word { line-height: 1.6; }

      footer { margin-top: 64px; padding-top: 18px; padding-bottom: 40px; font-size: 14px;
        color: var(--soft); }

      @media (max-width: 660px) {
        body { font-size: 16px; }
        .masthead, main, footer { padding-left: 16px; padding-right: 16px; }
        .facts { flex-direction: column; }
        .verdict { padding-top: 16px; }
        section + section { margin-top: 44px; }
        figure { margin-top: 28px; }
        .picture.row { display: none; } .picture.column { display: block; }
        .cause { padding: 18px; }
        .command { flex-direction: column; padding: 10px 12px; }
        .command code { flex: none; max-width: 100%; }
        .evidence > div { grid-template-columns: 1fr; gap: 2px; }
        .ladder li { grid-template-columns: 20px 1fr auto; }
        .ladder .reason { grid-column: 2 / -1; }
        .what { display: contents; }
        .question { grid-area: 1 / 1; } .answer { grid-area: 1 / 2; }
        .url { grid-area: 2 / 1 / auto / -1; margin-left: 0; } .bar { grid-row: 3; }
        .checks li { grid-template-columns: 20px 1fr auto; }
        .checks .id { grid-column: 2; grid-row: 1; }
        .checks .word { grid-column: 3; grid-row: 1; }
        .checks .message { grid-column: 2 / -1; }
        .configuration, .configuration tbody, .configuration tr, .configuration th,
        .configuration td { display: block; width: 100%; }
        .configuration thead { position: absolute; width: 1px; height: 1px; overflow: hidden;
          clip-path: inset(50%); }
        .configuration tr { padding: 10px 0; border-top: 1px solid var(--line); }
        .configuration tbody th, .configuration td { border: 0; padding: 1px 0; }
        .configuration tbody tr:last-child > * { border-bottom: 0; }
        .configuration tr:last-child { border-bottom: 1px solid var(--line); }
        .configuration tbody th { font-weight: 600; }
        .configuration td + td { display: inline; font-size: 14px; margin-right: 14px; }
        .about { display: inline; }
      }
      @page { margin: 16mm; }
      @media print {
        h1 { font-size: 26pt; }
        .verdict { padding-top: 8pt; }
        body { background: none; font-size: 10.5pt; }
        .masthead, main, footer { max-width: none; padding-left: 0; padding-right: 0; }
        .command button { display: none; }
        .command { border: 1px solid var(--line); }
        li, tr, figure, .evidence > div { break-inside: avoid; }
        h2, h3, h4 { break-after: avoid; }
        section + section { margin-top: 28pt; }
        details::details-content { content-visibility: visible; height: auto; }
        * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
      }
      """)
}
