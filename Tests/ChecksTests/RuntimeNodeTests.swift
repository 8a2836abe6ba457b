import Checks
import Configuration
import Diagnosis
import Probes
import Testing

@Suite struct RuntimeNodeTests {
  struct Row: Sendable {
    var entries: [String] = []
    var packages: [String: NodeModules.Package] = ["dd-trace": six]
    var declared: [String]? = ["dd-trace", "openai"]
    var isESM = false
    var hasFolder = true
    var isPlugAndPlay = false
    var node: ProgramAnswer? = ProgramAnswer("node", .exited(0), output: "v22.11.0")
    var commands: [String] = []
    var code: [String] = []
    var bundlers: [ProjectLaunch.Bundler] = []
    let expected: String

    func play() throws -> RuntimePlayback {
      var play = RuntimePlayback(.node, entries)
      try play.add(
        NodeModules(in: RuntimePlayback.folder),
        NodeModules.Answer(
          packages: packages, declared: declared, isESM: isESM, hasModulesFolder: hasFolder,
          isPlugAndPlay: isPlugAndPlay))
      try play.add(NodeVersion(), NodeVersion.Answer(program: node))
      try play.add(
        play.settings.projectLaunch,
        ProjectLaunch.Answer(
          commands: commands.map { text in
            LaunchCommand(
              file: "package.json", text: text,
              isBuild: text.hasPrefix("esbuild")
                || text.hasSuffix("build"))
          }, mentions: code.map { LaunchCommand(file: "app.js", text: $0) }, bundlers: bundlers))
      return play
    }
  }

  private static let six = NodeModules.Package(version: "6.12.0", engine: ">=22")
  private static let five = NodeModules.Package(version: "5.123.0", engine: ">=18")

  @Test(arguments: [
    Row(expected: "passed"),
    Row(
      packages: ["dd-trace": five], node: .init("node", .exited(0), output: "v20.20.2"),
      expected: "passed"),
    Row(node: .init("node", .exited(0), output: "v20.20.2"), expected: "failed incompatible"),
    Row(node: nil, expected: "passed"),
    Row(node: .init("node", .timedOut), expected: "unknown timeout"),
    Row(node: .init("node", .exited(0), output: "hello"), expected: "unknown protocol"),
    Row(node: .init("node", .exited(127)), expected: "unknown protocol"),
    Row(
      packages: ["dd-trace": .init(version: "99.0.0", engine: "^40 || >=42")],
      expected: "passed"),
    Row(
      packages: ["dd-trace": .init(version: "4.55.0", engine: ">=16")],
      expected: "warning outdated"),
    Row(packages: ["dd-trace": .init(version: nil)], expected: "unknown malformed"),
    Row(packages: [:], expected: "failed notInstalled"),
    Row(packages: [:], declared: [], expected: "failed notInstalled"),
    Row(packages: [:], hasFolder: false, expected: "failed notInstalled"),
    Row(packages: [:], declared: nil, hasFolder: false, expected: "skipped"),
    Row(packages: [:], isPlugAndPlay: true, expected: "skipped"),
    Row(entries: ["DD_INJECTION_ENABLED=tracer"], packages: [:], expected: "skipped"),
    Row(
      entries: ["NODE_OPTIONS=--require /opt/dd/node_modules/dd-trace/init"], packages: [:],
      expected: "skipped"),
    Row(entries: ["NODE_OPTIONS=-r dd-trace/init"], packages: [:], expected: "failed notInstalled"),
  ])
  func `dd-trace is judged by node_modules and Node's version`(row: Row) async throws {
    #expect(try await row.play().judge(RuntimeNodeTracer()).inWords == row.expected)
  }

  @Test(
    arguments: [
      (["dd-trace"], "npm install"), ([], "npm install dd-trace"),
    ] as [([String], String)])
  func `the remedy is the command that installs it`(declared: [String], command: String)
    async throws
  {
    let row = Row(packages: [:], declared: declared, expected: "")
    let outcome = try await row.play().judge(RuntimeNodeTracer())
    #expect(outcome.problem?.remedies.first?.command == command)
  }

  private static func bundler(
    _ name: String, namesOpenAI: Bool = false, isPrepared: Bool = false, targetsNode: Bool = true
  ) -> ProjectLaunch.Bundler {
    .init(
      file: "\(name).config.js", name: name, namesOpenAI: namesOpenAI, isPrepared: isPrepared,
      targetsNode: targetsNode)
  }

  @Test(arguments: [
    Row(expected: "skipped"),
    Row(entries: ["NODE_OPTIONS=-r dd-trace/init"], expected: "passed"),
    Row(
      entries: ["NODE_OPTIONS=--require=dd-trace/init.js --max-old-space-size=1"],
      expected: "passed"),
    Row(
      entries: ["NODE_OPTIONS=--import dd-trace/initialize.mjs"], isESM: true,
      expected: "passed"),
    Row(entries: ["NODE_OPTIONS=--import dd-trace/initialize.mjs"], expected: "passed"),
    Row(entries: ["NODE_OPTIONS=-r dd-trace/init"], isESM: true, expected: "warning notLoaded"),
    Row(
      entries: ["NODE_OPTIONS=-r dd-trace/init --import dd-trace/register.js"], isESM: true,
      expected: "passed"),
    Row(entries: ["NODE_OPTIONS='-r dd-trace/init'"], expected: "failed malformed"),
    Row(entries: [#"NODE_OPTIONS="-r dd-trace/init""#], expected: "failed malformed"),
    Row(entries: ["NODE_OPTIONS=--max-old-space-size=4096"], expected: "skipped"),
    Row(entries: ["NODE_OPTIONS=-r dd-trace/ci/init"], expected: "skipped"),
    Row(entries: ["DD_INJECTION_ENABLED=tracer"], expected: "passed"),
    Row(commands: ["node -r dd-trace/init app.js"], expected: "passed"),
    Row(commands: ["NODE_OPTIONS='-r dd-trace/init' node app.js"], expected: "passed"),
    Row(commands: ["node -r dd-trace/init app.mjs"], expected: "warning notLoaded"),
    Row(commands: ["node app.js"], expected: "warning notLoaded"),
    Row(commands: ["next build"], expected: "skipped"),
    Row(commands: ["node app.js"], code: ["require('dd-trace').init()"], expected: "passed"),
    Row(
      commands: ["node app.js"], code: ["const tracer = require('dd-trace').init({})"],
      expected: "passed"),
    Row(
      code: ["const OpenAI = require('openai')", "require('dd-trace').init()"],
      expected: "warning notLoaded"),
    Row(
      code: ["require('dd-trace').init()", "const OpenAI = require('openai')"], expected: "passed"),
    Row(
      entries: ["NODE_OPTIONS=-r dd-trace/init"],
      code: ["const OpenAI = require('openai')", "const t = require('dd-trace')"],
      expected: "passed"),
    Row(
      entries: ["NODE_OPTIONS=-r dd-trace/init"], declared: ["openai", "next"],
      bundlers: [bundler("next")], expected: "warning incompatible"),
    Row(
      entries: ["NODE_OPTIONS=-r dd-trace/init"], declared: ["openai", "next"],
      bundlers: [bundler("next", namesOpenAI: true)], expected: "passed"),
    Row(
      entries: ["NODE_OPTIONS=-r dd-trace/init"], declared: ["next"], bundlers: [bundler("next")],
      expected: "passed"),
    Row(
      entries: ["NODE_OPTIONS=-r dd-trace/init"], bundlers: [bundler("esbuild", isPrepared: true)],
      expected: "passed"),
    Row(
      entries: ["NODE_OPTIONS=-r dd-trace/init"], bundlers: [bundler("esbuild")],
      expected: "warning incompatible"),
    Row(
      entries: ["NODE_OPTIONS=-r dd-trace/init"],
      bundlers: [bundler("webpack", targetsNode: false)], expected: "passed"),
    Row(
      entries: ["NODE_OPTIONS=-r dd-trace/init"],
      commands: ["esbuild src/app.js --bundle --platform=node --outfile=out.js"],
      expected: "warning incompatible"),
    Row(
      entries: ["NODE_OPTIONS=-r dd-trace/init"],
      commands: ["esbuild a.js --bundle --platform=node --packages=external"], expected: "passed"),
  ])
  func `initialisation is judged by variables and the project's files`(row: Row) async throws {
    #expect(try await row.play().judge(RuntimeNodeInit()).inWords == row.expected)
  }

  @Test(arguments: [
    Row(packages: ["openai": .init(version: "5.1.0")], expected: "passed"),
    Row(packages: ["openai": .init(version: "99.0.0")], expected: "passed"),
    Row(packages: ["openai": .init(version: "2.0.5")], expected: "failed outdated"),
    Row(packages: ["openai": .init(version: nil)], expected: "skipped"),
    Row(packages: [:], expected: "skipped"),
  ])
  func `openai's version is judged`(row: Row) async throws {
    #expect(try await row.play().judge(RuntimeOpenAISDK()).inWords == row.expected)
  }

  @Test(arguments: [
    Row(expected: "skipped"),
    Row(entries: ["NODE_OPTIONS=-r dd-trace/init"], expected: "passed"),
    Row(
      entries: ["NODE_OPTIONS=-r dd-trace/init --import dd-trace/register.js"],
      expected: "passed"),
    Row(entries: ["NODE_OPTIONS=-r dd-trace/init -r dd-trace/init"], expected: "warning conflict"),
    Row(entries: ["NODE_OPTIONS=-r dd-trace/init -r newrelic"], expected: "warning conflict"),
    Row(
      entries: [
        "NODE_OPTIONS=-r @opentelemetry/auto-instrumentations-node/register -r dd-trace/init"
      ], expected: "warning conflict"),
    Row(
      entries: ["NODE_OPTIONS=-r elastic-apm-node/start.js"],
      commands: ["node -r dd-trace/init app.js"], expected: "warning conflict"),
    Row(entries: ["NODE_OPTIONS=-r newrelic"], expected: "skipped"),
    Row(
      entries: ["DD_INJECTION_ENABLED=tracer", "NODE_OPTIONS=-r dd-trace/init"],
      expected: "warning conflict"),
    Row(
      packages: ["dd-trace": six, "newrelic": .init(version: "12.0.0")],
      commands: ["node -r dd-trace/init app.js"], expected: "passed"),
  ])
  func `two tracers are a warning, one is none`(row: Row) async throws {
    #expect(try await row.play().judge(RuntimeDuplicates()).inWords == row.expected)
  }
}
