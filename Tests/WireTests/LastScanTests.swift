import Foundation
import Testing

@testable import Wire

/// What the last scan makes of a text.
private func cleaned(_ text: String, _ secrets: [String] = []) -> String? {
  LastScan(secrets.map { Secret(Array($0.utf8)) }).cleaned(Array(text.utf8)).map {
    String(decoding: $0, as: UTF8.self)
  }
}

@Suite struct `The last scan` {
  private static let hex = "0123456789abcdef0123456789abcdee"

  @Test(arguments: [
    ("x sk-proj-abcdefgh0123456789 y", "x [withheld] y"),
    (#""a\nsk-admin-abcdefgh0123456789""#, #""a\n[withheld]""#),
    ("a%0Ask-abcdefgh0123456789", "a%0A[withheld]"),
    (#"sk-proj-abcdefgh0123456789\_xyz z"#, "[withheld] z"),
    ("DD_API_KEY=\(hex)", "DD_API_KEY=[withheld]"),
    (#"{"DD_API_KEY": "\#(hex)"}"#, #"{"DD_API_KEY": "[withheld]"}"#),
    ("<td>DD_API_KEY</td><td>\(hex)</td>", "<td>DD_API_KEY</td><td>[withheld]</td>"),
    ("Dd-Application-Key: \(hex)01234567", "Dd-Application-Key: [withheld]"),
    ("AKIAIOSFODNN7EXAMPLE", "[withheld]"),
    ("ghp_0123456789abcdefghijKLMNOPQRSTuvwxyz", "[withheld]"),
    ("xoxb-0123456789-abcdef", "[withheld]"),
    ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc123", "[withheld]"),
    ("http://user:pass@proxy:3128/", "http://[withheld]@proxy:3128/"),
    (
      "-----BEGIN RSA PRIVATE KEY-----\nMIIB\n-----END RSA PRIVATE KEY-----\nx",
      "[withheld]\nx"
    ),
    ("-----BEGIN PRIVATE KEY-----\nMIIB", "[withheld]"),
  ]) func `takes out what has a key's shape`(text: String, expected: String) {
    #expect(cleaned(text) == expected)
  }

  @Test(arguments: [
    "run 5f3c9a1e-0000-4000-8000-0123456789ab", "trace_id=\(hex)", "sha256 \(hex)\(hex)",
    "commit da39a3ee5e6b4b0d3255bfef95601890afd80709", "key b840d1d1", "risk-0123456789abcdefghij",
    "sk-your-openai-api-key-goes-here", "[openai-project-key/51/1a2b3c4d]", "http://****@proxy:1/",
    "https://docs.datadoghq.com/a@b", "DD_API_KEY=00000000000000000000000000000000", "", "-", ":/",
    "%", "\\", "a:", "x--", "\\u", "s", "sk", "-----BEGIN",
  ]) func `lets names, hashes and examples pass`(text: String) {
    #expect(cleaned(text) == nil)
  }

  private static let odd = "q7R-tY2/wZ9+kLm4.PxV8"

  @Test(arguments: [
    odd, String(odd.prefix(12)), String(odd.suffix(13)), "q7R-tY2%2FwZ9%2BkLm4.PxV8",
    #"q7R-tY2\/wZ9+kLm4.PxV8"#,
    Data(odd.utf8).base64EncodedString(), Data("a\(odd)".utf8).base64EncodedString(),
    Data("ab\(odd)z".utf8).base64EncodedString(),
  ]) func `takes out a secret of this run, whole and by half, in every coding`(form: String) {
    for room in 0..<9 {
      let text = String(repeating: ".", count: room) + form + " end"
      let left = cleaned(text, [Self.odd])
      #expect(left?.contains("[secret/21/") == true && left?.contains("R-t") == false, "\(text)")
    }
    #expect(cleaned(form) == nil, "its shape tells nothing")
  }

  @Test(arguments: [
    "datadoghq.com", "us5.datadoghq.com", "my-service-prod", "/run/secrets/dd_api_key1", "x1",
    "your_api_key", "", "test", "secret", "password", "admin", "true", "localhost:8126",
    "healthy", "agent.reachable", "api-key-v1-staging",
  ]) func `lets a name pass that stands in a secret's place`(secret: String) {
    #expect(cleaned("at \(secret), \(secret)", [secret]) == nil)
  }

  @Test func `knows a proxy's password and not its host`() {
    let proxy = "http://user:q7RtY2wZ9kLm4@proxy1.Example2.com:3128"
    #expect(cleaned("q7RtY2wZ9kLm4", [proxy]) == "****")
    #expect(cleaned("proxy1.Example2.com", [proxy]) == nil)
  }

  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ]) func `has hashes as FIPS 180-4 gives them`(text: String, digest: String) {
    #expect(SHA256.hex(Array(text.utf8)) == digest)
  }
}
