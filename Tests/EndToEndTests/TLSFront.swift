import Foundation

/// Real host names on loopback: TLS with throw-away certificates before a plain server of ours.
///
/// `--connect-to api.datadoghq.com:443:127.0.0.1:PORT --cacert AUTHORITY` leads there. One child
/// serves all fronts; it ends when its standard input does, which is when this process ends.
final class TLSFront: Sendable {
  /// What a port shows before it hands on to the server behind it.
  enum Manner: String, Sendable, CaseIterable {
    /// A certificate for every name in `names`.
    case good
    case expired
    /// A certificate for another name.
    case other
    /// A certificate that nobody signed.
    case selfSigned = "self-signed"
    /// No TLS at all.
    case plain
    /// Takes a connection and ends it in the handshake.
    case cut
    /// An HTTP proxy that opens a way to the port behind it, for `ann:swordfish` alone.
    case proxy
  }

  struct Failure: Error {
    let message: String
  }

  static let shared = Swift.Result { try TLSFront() }

  static let names =
    [
      "datadoghq.com", "us3.datadoghq.com", "us5.datadoghq.com", "datadoghq.eu",
      "ap1.datadoghq.com", "ap2.datadoghq.com", "uk1.datadoghq.com", "ddog-gov.com",
      "us2.ddog-gov.com",
    ].flatMap { ["api.\($0)", "trace.agent.\($0)", "llmobs-intake.\($0)"] }
    + [
      "public-trace-http-intake.logs.datadoghq.com", "trace.browser-intake-us5-datadoghq.com",
    ] + ["api.openai.com", "us.api.openai.com", "eu.api.openai.com", "localhost"]

  /// The file of the authority that signed all but the self-signed certificate.
  let authority: String
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
  }

  /// A new port on loopback, before a server on another one.
  func port(before server: Int, _ manner: Manner = .good) throws -> Int {
    try child.ask("\(manner.rawValue) \(server)")
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

extension TLSFront {
  private static let authorityConfiguration = """
    [ca]
    default_ca = here
    [here]
    database = index
    new_certs_dir = .
    default_md = sha256
    policy = any
    rand_serial = yes
    unique_subject = no
    [any]
    commonName = supplied
    """

  /// `openssl ca` is the only command of OpenSSL 3.0 that signs with dates in the past.
  private static let certificates = #"""
    : > index
    authority() {
      openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 \
        -keyout "$1.key" -out "$1.pem" -subj "/O=dd-doctor tests/CN=$2" \
        -addext "subjectAltName=$3"
    }
    leaf() {
      openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
        -keyout "$1.key" -out "$1.csr" -subj "/CN=$1.test"
      printf 'basicConstraints=CA:FALSE\nsubjectAltName=%s\n' "$2" > "$1.ext"
      openssl ca -batch -config ca.cnf -cert ca.pem -keyfile ca.key -in "$1.csr" -out "$1.pem" \
        -notext -startdate "$3" -enddate "$4" -extfile "$1.ext"
    }
    authority ca dd-doctor-test-authority DNS:authority.test
    authority self-signed self-signed.test "$1"
    leaf good "$1" 20200101000000Z 20491231000000Z
    leaf expired "$1" 20200101000000Z 20200201000000Z
    leaf other DNS:other.test 20200101000000Z 20491231000000Z
    """#

  private static let script = #"""
    import base64, os, select, shutil, socket, ssl, sys, threading

    def context(name):
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.load_cert_chain(name + ".pem", name + ".key")
        return made

    contexts = {name: context(name) for name in ("good", "expired", "other", "self-signed")}
    login = b"basic " + base64.b64encode(b"ann:swordfish").lower()

    def relay(peer, there):
        other = {peer: there, there: peer}
        while True:
            pending = isinstance(peer, ssl.SSLSocket) and peer.pending()
            for end in [peer] if pending else select.select([peer, there], [], [])[0]:
                piece = end.recv(65536)
                if not piece:
                    return
                other[end].sendall(piece)

    def opens(peer):
        head = b""
        while b"\r\n\r\n" not in head:
            piece = peer.recv(65536)
            if not piece:
                return False
            head += piece
        known = b"proxy-authorization: " + login in head.lower()
        peer.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n" if known else
                     b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
        return known

    def answer(peer, manner, server):
        there = None
        try:
            if manner == "cut":
                peer.recv(1)
            elif manner != "proxy" or opens(peer):
                if manner in contexts:
                    peer = contexts[manner].wrap_socket(peer, server_side=True)
                there = socket.create_connection(("127.0.0.1", server))
                relay(peer, there)
        except (OSError, ValueError):
            pass
        for end in (peer, there):
            if end:
                end.close()

    def serve(listener, manner, server):
        while True:
            peer, _ = listener.accept()
            threading.Thread(target=answer, args=(peer, manner, server), daemon=True).start()

    for line in sys.stdin:
        manner, server = line.split()
        listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=serve, args=(listener, manner, int(server)), daemon=True).start()
        print(listener.getsockname()[1], flush=True)
    shutil.rmtree(os.getcwd(), ignore_errors=True)
    """#
}
