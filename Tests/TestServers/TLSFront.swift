import Foundation

/// Real host names on loopback, under TLS with throw-away certificates.
///
/// `--connect-to api.datadoghq.com:443:127.0.0.1:PORT --cacert AUTHORITY` leads there. One child
/// serves all ports of this process; it ends when its standard input does, which is when we end.
package final class TLSFront: Sendable {
  package struct Failure: Error {
    let message: String
  }

  package static let shared = Swift.Result { try TLSFront() }

  /// The file of the authority that signed all but the self-signed certificate.
  package let authority: String
  /// The file of a certificate that signed none of the others.
  package let stranger: String
  private let child: Child

  private init() throws {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "dd-front-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for (name, text) in [("ca.cnf", Self.authorityConfiguration), ("front.py", Self.script)] {
      try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
    }
    try Self.makeCertificates(in: folder)
    child = try Child(in: folder)
    authority = folder.appending(path: "ca.pem").path
    stranger = folder.appending(path: "self-signed.pem").path
  }

  /// A new port on loopback that behaves in this manner, before no other server.
  package static func port(_ manner: Manner) throws -> Int {
    try shared.get().port(before: 0, manner)
  }

  /// A new port on loopback, before a server on another one.
  package func port(before server: Int, _ manner: Manner = .good) throws -> Int {
    try child.ask("\(manner.certificate.rawValue) \(manner.play.rawValue) \(server)")
  }

  private static func makeCertificates(in folder: URL) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = [
      "-euc", certificates, "sh", names.map { "DNS:\($0)" }.joined(separator: ","),
    ]
    process.currentDirectoryURL = folder
    let said = Pipe()
    process.standardOutput = said
    process.standardError = said
    try process.run()
    let text = String(decoding: try said.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failure(message: text) }
  }
}

extension TLSFront {
  /// What a port shows, and what it does then.
  package struct Manner: Hashable, Sendable, CustomStringConvertible {
    package enum Certificate: String, Sendable {
      /// For every name in `names`.
      case good
      case expired
      /// Not valid yet.
      case future
      /// For `other.test` alone.
      case other
      /// Nobody signed it.
      case selfSigned = "self-signed"
      /// The same of a server that says in plain HTTP that it wants TLS, as Go's does.
      case own
      /// The good one, of a server that demands the client's, too.
      case demanding
      /// No TLS at all.
      case none
    }

    package enum Play: String, Sendable {
      /// Hands all on to the server behind it.
      case relay
      /// Answers a request with the request as it was heard.
      case echo
      /// Hears a request and says what an SSH server says.
      case ssh
      /// Hears a request and closes.
      case closes
      /// Closes within the answer's body, or within its head.
      case cutBody = "cut-body"
      case cutHead = "cut-head"
      /// Hears all and says nothing.
      case silent
      /// Takes a connection and ends it at the first byte.
      case hangsUp = "hangs-up"
      /// An HTTP proxy that opens a way to wherever it is asked for.
      case tunnel
      /// An HTTP proxy that opens a way to the server behind it, for `ann:swordfish` alone.
      case login
    }

    let certificate: Certificate
    let play: Play

    package init(_ certificate: Certificate, _ play: Play) {
      self.certificate = certificate
      self.play = play
    }

    package var description: String { "\(play.rawValue) under \(certificate.rawValue)" }

    package static let good = Self(.good, .relay)
    package static let expired = Self(.expired, .relay)
    package static let other = Self(.other, .relay)
    package static let selfSigned = Self(.selfSigned, .relay)
    package static let plain = Self(.none, .relay)
    package static let cut = Self(.none, .hangsUp)
    package static let proxy = Self(.none, .login)
    package static let echo = Self(.good, .echo)
  }
}

/// The script's process: a line to it opens a port, whose number it answers.
private final class Child: Sendable {
  private let lock = NSLock()
  private let asking: Int32
  private let answering: Int32

  init(in folder: URL) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "front.py"]
    process.currentDirectoryURL = folder
    let input = Pipe()
    let output = Pipe()
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    // Copies outlive the pipes; the kernel closes them when this process ends.
    asking = fcntl(input.fileHandleForWriting.fileDescriptor, F_DUPFD_CLOEXEC, 0)
    answering = fcntl(output.fileHandleForReading.fileDescriptor, F_DUPFD_CLOEXEC, 0)
  }

  func ask(_ line: String) throws -> Int {
    try lock.withLock {
      let bytes = Array("\(line)\n".utf8)
      guard write(asking, bytes, bytes.count) == bytes.count else {
        throw TLSFront.Failure(message: "front.py takes no line")
      }
      var text = ""
      while !text.hasSuffix("\n") {
        var byte: UInt8 = 0
        guard read(answering, &byte, 1) == 1 else {
          throw TLSFront.Failure(message: "front.py ended: \(text)")
        }
        text.unicodeScalars.append(Unicode.Scalar(byte))
      }
      guard let port = Int(text.dropLast()) else { throw TLSFront.Failure(message: text) }
      return port
    }
  }
}
