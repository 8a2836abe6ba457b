import Foundation
import FuzzSubjects
import Testing

/// What others wrote, changed by chance: the same chance in each run.
@Suite struct `Bytes that somebody else wrote` {
  /// Inputs that once did harm, or that lead deep: a folder a subject.
  static let tests = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent()

  static func seeds(_ subject: FuzzSubject) throws -> [[UInt8]] {
    let isReport = subject == .report
    let folder = tests.appending(
      path: isReport ? "ReportersTests/Golden" : "FuzzTests/Corpus/\(subject.rawValue)")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    return try names.filter { !isReport || $0.hasSuffix(".json") }.map {
      Array(try Data(contentsOf: folder.appending(path: $0)))
    }
  }

  @Test(arguments: FuzzSubject.allCases)
  func `are read or refused, and never trap`(subject: FuzzSubject) throws {
    let seeds = try Self.seeds(subject)
    #expect(!seeds.isEmpty, "no corpus for \(subject)")
    var mutation = Mutation(seed: 20_261_125)
    for seed in seeds {
      try subject.read(seed)
      for _ in 0..<max(1, 300 / seeds.count) { try subject.read(mutation.of(seed, and: seeds)) }
    }
  }
}

/// Changes bytes as fuzzers do: flips, cuts, doubles, splices, and lengths that lie.
struct Mutation: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  /// SplitMix64.
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  mutating func of(_ seed: [UInt8], and others: [[UInt8]]) -> [UInt8] {
    var bytes = seed
    for _ in 0..<Int.random(in: 1...6, using: &self) {
      guard !bytes.isEmpty else { return [UInt8.random(in: 0...255, using: &self)] }
      let place = Int.random(in: bytes.indices, using: &self)
      switch Int.random(in: 0..<7, using: &self) {
      case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &self)
      case 1:
        bytes[place] =
          [0, 0x0A, 0x1B, 0x22, 0x5B, 0x7F, 0x80, 0xDD, 0xFF].randomElement(using: &self) ?? 0
      case 2: bytes.removeSubrange(place...)
      case 3: bytes.remove(at: place)
      case 4: bytes.insert(contentsOf: bytes[place...].prefix(40), at: place)
      case 5: bytes.insert(contentsOf: Array("18446744073709551616".utf8), at: place)
      default: bytes += (others.randomElement(using: &self) ?? []).suffix(60)
      }
    }
    return bytes
  }
}
