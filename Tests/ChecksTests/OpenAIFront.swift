import Foundation
import Synchronization

/// OpenAI's names under TLS with throw-away certificates, in front of stand-ins on loopback.
///
/// One child serves every test, and dies with this process.
final class OpenAIFront: Sendable {
  /// What could not be started, with what the tools said.
  struct Failure: Error {
    let message: String
  }

  static let shared = Swift.Result { try OpenAIFront() }

  /// The authority of all certificates.
  let authority: String
  private let orders: FileHandle
  private let answers: Mutex<FileHandle>

  private init() throws {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "dd-openai-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Self.server.write(
      to: folder.appending(path: "front.py"), atomically: true, encoding: .utf8)
    try Self.run(["/bin/sh", "-euc", Self.certificates], in: folder)
    authority = folder.appending(path: "ca.pem").path
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "front.py"]
    process.currentDirectoryURL = folder
    let said = Pipe()
    let lifeline = Pipe()
    process.standardOutput = said
    process.standardInput = lifeline
    try process.run()
    orders = lifeline.fileHandleForWriting
    answers = Mutex(said.fileHandleForReading)
  }

  /// A port that speaks TLS under OpenAI's names and hands all on to a port without it.
  func port(to plain: UInt16) throws -> Int {
    try answers.withLock { answers in
      try orders.write(contentsOf: Data("\(plain)\n".utf8))
      var text = ""
      while !text.hasSuffix("\n") {
        let data = answers.availableData
        guard !data.isEmpty else { throw Failure(message: "front.py ended: \(text)") }
        text += String(decoding: data, as: UTF8.self)
      }
      guard let port = Int(text.dropLast()) else { throw Failure(message: text) }
      return port
    }
  }

  private static func run(_ command: [String], in folder: URL) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: command[0])
    process.arguments = Array(command.dropFirst())
    process.currentDirectoryURL = folder
    let said = Pipe()
    process.standardOutput = said
    process.standardError = said
    try process.run()
    let text = String(decoding: try said.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failure(message: text) }
  }

  private static let certificates = """
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 \
      -keyout ca.key -out ca.pem -subj /CN=dd-doctor-test-authority
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
      -keyout leaf.key -out leaf.csr -subj /CN=api.openai.com
    printf 'basicConstraints=CA:FALSE\\nsubjectAltName=%s\\n' \
      'DNS:api.openai.com,DNS:*.api.openai.com,DNS:*.test,DNS:*.openai.azure.com,DNS:openrouter.ai' \
      > leaf.ext
    openssl x509 -req -in leaf.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 \
      -out leaf.pem -extfile leaf.ext
    """

  /// Reads ports without TLS, a line each, and answers each with a port under TLS.
  private static let server = """
    import os, shutil, socket, ssl, sys, threading

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain("leaf.pem", "leaf.key")

    def hand_on(one, other):
        try:
            while piece := one.recv(65536):
                other.sendall(piece)
        except (OSError, ValueError):
            pass
        try:
            other.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def meet(peer, plain):
        try:
            peer = context.wrap_socket(peer, server_side=True)
            there = socket.create_connection(("127.0.0.1", plain))
        except (OSError, ValueError):
            return peer.close()
        threading.Thread(target=hand_on, args=(there, peer), daemon=True).start()
        hand_on(peer, there)

    def serve(listener, plain):
        while True:
            peer, _ = listener.accept()
            threading.Thread(target=meet, args=(peer, plain), daemon=True).start()

    for line in sys.stdin:
        listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        threading.Thread(target=serve, args=(listener, int(line)), daemon=True).start()
        print(listener.getsockname()[1], flush=True)
    shutil.rmtree(os.getcwd(), ignore_errors=True)
    """
}
