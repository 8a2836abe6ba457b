import Configuration
#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Looks at a Lambda function from inside it: its variables, and the files of its layers.
enum LambdaProbe {
  /// Nil outside of a function.
  static func facts(_ environment: Environment) -> LambdaFacts? {
    guard environment.has("AWS_LAMBDA_FUNCTION_NAME") else { return nil }
    let runtime = environment.value("AWS_EXECUTION_ENV").flatMap { text -> String? in
      text.hasPrefix("AWS_Lambda_") ? String(text.dropFirst("AWS_Lambda_".count)) : nil
    }
    return LambdaFacts(
      handler: environment.value("_HANDLER"), runtime: runtime, architecture: architecture,
      region: environment.value("AWS_REGION"),
      hasExtensionFile: Files.exist("/opt/extensions/datadog-agent"),
      hasLibraryFile: hasLibrary(runtime, environment))
  }

  /// Whether Datadog's library is where its layers put it, or where the code may hold it.
  private static func hasLibrary(_ runtime: String?, _ environment: Environment) -> Bool? {
    let task = environment.value("LAMBDA_TASK_ROOT") ?? "/var/task"
    let node = ["/opt/nodejs/node_modules", "\(task)/node_modules"]
      .contains { Files.exist("\($0)/datadog-lambda-js/package.json") }
    let folders =
      Files.names(in: "/opt/python/lib", limit: 16).map { "/opt/python/lib/\($0)/site-packages" }
      + ["/opt/python", task]
    let python = folders.contains { Files.exist("\($0)/datadog_lambda/__init__.py") }
    guard let runtime else { return node || python ? true : nil }
    if runtime.hasPrefix("python") { return python }
    return runtime.hasPrefix("nodejs") ? node : nil
  }

  private static var architecture: String? {
    #if arch(arm64)
      "arm64"
    #elseif arch(x86_64)
      "x86_64"
    #else
      nil
    #endif
  }
}
