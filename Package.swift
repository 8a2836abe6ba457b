// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .treatAllWarnings(as: .error),
]

/// The C++ library that Swift's own runtime needs goes into the binary: loading it would cost each
/// start as much as all checks of a configuration.
let startsFast = LinkerSetting.unsafeFlags(
  ["-L\(Context.packageDirectory)/.ci/link", "-Xclang-linker", "-static-libgcc"],
  .when(platforms: [.linux], configuration: .release))

func module(
  _ name: String, _ dependencies: [Target.Dependency] = [], path: String? = nil
) -> Target {
  .target(name: name, dependencies: dependencies, path: path, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
  .testTarget(
    name: name, dependencies: dependencies, exclude: exclude, swiftSettings: settings)
}

/// The fuzzer's program links only under `-sanitize=fuzzer`: `.ci/fuzz` asks for it.
let fuzzer: [Target] =
  Context.environment["DD_DOCTOR_FUZZ"] == nil
  ? []
  : [
    .target(name: "CFuzzer", path: "Tests/CFuzzer"),
    .executableTarget(
      name: "Fuzzer", dependencies: ["CFuzzer", "FuzzSubjects"], path: "Tests/Fuzzer",
      swiftSettings: settings),
  ]

let package = Package(
  name: "dd-doctor",
  platforms: [.macOS(.v15)],
  products: [.executable(name: "dd-doctor", targets: ["dd-doctor"])],
  targets: [
    module("Diagnosis"),
    module("Wire"),
    module("Configuration", ["Diagnosis", "Wire"]),
    .target(name: "CCurl", linkerSettings: [.linkedLibrary("dl", .when(platforms: [.linux]))]),
    module("Probes", ["CCurl", "Configuration", "Diagnosis", "Wire"]),
    module("Checks", ["Configuration", "Diagnosis", "Probes", "Wire"], path: "checks"),
    module("StandIn", ["Wire"]),
    module("LogPatterns", ["Diagnosis", "Wire"]),
    module("Reporters", ["Diagnosis"]),
    module(
      "SelfTest", ["Checks", "Configuration", "Diagnosis", "Probes", "StandIn", "Wire"]),
    module(
      "DoctorCLI",
      [
        "Checks", "Configuration", "Diagnosis", "LogPatterns", "Probes", "Reporters", "SelfTest",
        "StandIn", "Wire",
      ]),
    module("TestServers", ["Wire"], path: "Tests/TestServers"),
    module(
      "FuzzSubjects",
      ["Configuration", "Diagnosis", "DoctorCLI", "LogPatterns", "Probes", "Reporters", "Wire"],
      path: "Tests/FuzzSubjects"),
    .executableTarget(
      name: "dd-doctor", dependencies: ["DoctorCLI"], swiftSettings: settings,
      linkerSettings: [startsFast]),
    tests(
      "ChecksTests",
      ["Checks", "Configuration", "Diagnosis", "Probes", "StandIn", "TestServers", "Wire"]),
    tests("ConfigurationTests", ["Configuration", "Diagnosis", "Wire"]),
    tests("DiagnosisTests", ["Diagnosis"]),
    tests("DoctorCLITests", ["Checks", "Configuration", "Diagnosis", "DoctorCLI", "Probes"]),
    tests("FuzzTests", ["FuzzSubjects"], exclude: ["Corpus"]),
    tests("ReportersTests", ["Diagnosis", "Reporters"], exclude: ["Golden"]),
    tests("StandInTests", ["StandIn", "TestServers", "Wire"]),
    tests("SelfTestTests", ["Configuration", "Diagnosis", "SelfTest"]),
    tests("WireTests", ["StandIn", "Wire"]),
    tests("EndToEndTests", ["StandIn", "TestServers", "Wire", "dd-doctor"]),
    tests(
      "LogPatternsTests", ["Checks", "Diagnosis", "LogPatterns", "Probes"], exclude: ["Fixtures"]),
    tests("ProbesTests", ["Configuration", "Diagnosis", "Probes", "TestServers", "Wire"]),
  ] + fuzzer)
