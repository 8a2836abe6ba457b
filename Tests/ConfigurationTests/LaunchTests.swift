import Configuration
import Testing

@Suite struct LaunchTests {
  @Test(
    arguments: [
      ("4.16.0", "4.16", false), ("4.9", "4.10.0", true), ("v18.0.0", "22", true),
      ("3.0.0rc1", "3", false), ("2", "2.14", true),
    ] as [(String, String, Bool)])
  func `versions compare by their numbers`(one: String, other: String, isLess: Bool) throws {
    let left = try #require(PackageVersion(one))
    let right = try #require(PackageVersion(other))
    #expect((left < right) == isLess)
    #expect(!(right < left) || !isLess)
  }

  @Test(arguments: ["", "v", "latest", "99999999999999999999"])
  func `what is no version is none`(text: String) {
    #expect(PackageVersion(text) == nil)
  }

  @Test(
    arguments: [
      ("arn:aws:lambda:us-east-1:464622532012:layer:Datadog-Python312-ARM:98", "python3.12"),
      ("arn:aws:lambda:us-east-1:464622532012:layer:Datadog-Python38:98", "python3.8"),
      ("arn:aws:lambda:us-east-1:464622532012:layer:Datadog-Node22-x:141", "nodejs22.x"),
      ("arn:aws:lambda:us-east-1:464622532012:layer:Datadog-Extension", nil),
    ] as [(String, String?)])
  func `a layer's name tells its runtime`(arn: String, runtime: String?) throws {
    let layer = try #require(LambdaLayer(arn))
    #expect(layer.runtime == runtime)
    #expect(layer.isPublishedByDatadog && layer.isDatadogs)
  }

  @Test(arguments: ["", "arn", "arn:aws:lambda", "arn:aws:s3:::x:layer:y", ":::::::"])
  func `what is no layer's ARN is none`(arn: String) {
    #expect(LambdaLayer(arn) == nil)
  }

  @Test(
    arguments: [
      ("-r dd-trace/init", ["-r dd-trace/init"]),
      ("--require=a --import b", ["-r a", "--import b"]),
      ("-r", []), ("", []), (#"--import "a b""#, ["--import a b"]), ("--max 1 -r x -r", ["-r x"]),
    ] as [(String, [String])])
  func `NODE_OPTIONS is split as Node splits it`(text: String, expected: [String]) {
    let environment = Environment.reading([Array("NODE_OPTIONS=\(text)".utf8)]).environment
    #expect(environment.nodePreloads.map(\.text) == expected)
  }
}
