import Testing

@testable import Configuration

@Suite struct `A .env file` {
  private func values(_ text: String) throws -> [String: String] {
    var values: [String: String] = [:]
    for (name, value) in try DotenvText(Array(text.utf8)).assignments {
      values[name] =
        switch value {
        case .bytes(let bytes), .field(_, let bytes): String(decoding: bytes, as: UTF8.self)
        case .kept(let place): "(\(place))"
        }
    }
    return values
  }

  /// As compose-go reads it.
  static let rows: [(String, [String: String])] = [
    ("A=1", ["A": "1"]), ("export A=1", ["A": "1"]), ("A: 1", ["A": "1"]), ("A =  2 ", ["A": "2"]),
    ("A=", ["A": ""]), ("A= # c", ["A": ""]), ("A=b # c", ["A": "b"]), ("A=b#c", ["A": "b#c"]),
    ("A=a=b==", ["A": "a=b=="]), ("A='b # c'", ["A": "b # c"]), (#"A='b\'c'"#, ["A": "b'c"]),
    (#"A='b\n$C'"#, ["A": #"b\n$C"#]), (#"A="b\nc\t\"d\" \\""#, ["A": "b\nc\t\"d\" \\"]),
    ("A=\"b\r\nc\"\r\nD=e\r\n", ["A": "b\nc", "D": "e"]),
    ("A='b\nc' # d\nE=f", ["A": "b\nc", "E": "f"]),
    ("A=`b \"c\nd`\nE=f", ["A": "b \"c\nd", "E": "f"]), ("A=`b", ["A": "`b"]),
    ("A=1\nB=${A}2\nC=$B$A\nD=\\$A", ["A": "1", "B": "12", "C": "121", "D": "$A"]),
    ("A=\nB=${A:-d}\nC=${A}", ["A": "", "B": "d", "C": ""]),
    ("A=$B", ["A": "(the shell's B)"]), ("A=a$", ["A": "a$"]), ("A=$1", ["A": "$1"]),
    ("A", ["A": "(the shell that reads the file)"]), ("A=1\nA=2", ["A": "2"]),
    ("A.B=1\nC-D=2\n456 = x", ["A.B": "1", "C-D": "2", "456": "x"]),
    ("\u{FEFF}A=1", ["A": "1"]), ("  # x\n\n  A=1", ["A": "1"]),
    ("A={\"b\": \"c\"}", ["A": "{\"b\": \"c\"}"]),
  ]

  @Test(arguments: rows)
  func `is read as compose reads it`(text: String, expected: [String: String]) throws {
    #expect(try values(text) == expected)
  }

  @Test(arguments: [("A=b#c", "#"), ("A=`b`", "backticks"), ("A=$B", "$"), (#"A='b\'c'"#, "\\'")])
  func `names what other readers would read otherwise`(text: String, sign: String) throws {
    let ambiguous = try DotenvText(Array(text.utf8)).ambiguous
    #expect(ambiguous.map(\.name) == ["A"])
    #expect(ambiguous.first?.reason.contains(sign) == true)
    #expect(try DotenvText(Array("A=b".utf8)).ambiguous.isEmpty)
  }

  /// A search through all names before for each of them would take minutes.
  @Test func `names each of many once`() throws {
    let lines = (0..<100_000).map { "A\($0)=b#c\n" }.joined() + "A0=$B\n"
    let ambiguous = try DotenvText(Array(lines.utf8)).ambiguous
    #expect(ambiguous.count == 100_000)
    #expect(ambiguous.first?.name == "A0" && ambiguous.first?.reason.hasPrefix("a #") == true)
  }
}
