import Foundation

/// Servers under TLS with throw-away certificates, by name, in one child that dies with us.
enum TLSServer {
  struct Ready: Sendable {
    /// The authority that signed all but `self-signed`.
    let authority: String
    /// A certificate that signed none of the others.
    let stranger: String
    let ports: [String: Int]
  }

  /// What could not be started, with what the tools said.
  struct Failure: Error {
    let message: String
  }

  static let shared = Swift.Result { try start() }

  static func port(_ name: String) throws -> Int {
    guard let port = try shared.get().ports[name] else { throw Failure(message: "no \(name)") }
    return port
  }

  private static func start() throws -> Ready {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "dd-tls-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try authorityConfiguration.write(
      to: folder.appending(path: "ca.cnf"), atomically: true, encoding: .utf8)
    try server.write(to: folder.appending(path: "server.py"), atomically: true, encoding: .utf8)
    try run(["/bin/sh", "-euc", certificates], in: folder)
    let ports = try serve(in: folder)
    return Ready(
      authority: folder.appending(path: "ca.pem").path,
      stranger: folder.appending(path: "self-signed.pem").path, ports: ports)
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

  /// Starts the child, which ends when its standard input does, and reads its ports.
  private static func serve(in folder: URL) throws -> [String: Int] {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "server.py"]
    process.currentDirectoryURL = folder
    let said = Pipe()
    let lifeline = Pipe()
    process.standardOutput = said
    process.standardInput = lifeline
    try process.run()
    // Kept open until this process ends, which ends the child.
    _ = fcntl(lifeline.fileHandleForWriting.fileDescriptor, F_DUPFD_CLOEXEC, 0)
    var text = ""
    while !text.hasSuffix("ready\n") {
      let data = said.fileHandleForReading.availableData
      guard !data.isEmpty else { throw Failure(message: "server.py ended: \(text)") }
      text += String(decoding: data, as: UTF8.self)
    }
    var ports: [String: Int] = [:]
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ")
      if words.count == 2 { ports[String(words[0])] = Int(words[1]) }
    }
    return ports
  }
}

extension TLSServer {
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
        -keyout "$1.key" -out "$1.pem" -subj "/CN=$2" -addext subjectAltName=DNS:localhost
    }
    leaf() {
      openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
        -keyout "$1.key" -out "$1.csr" -subj "/CN=$2"
      printf 'basicConstraints=CA:FALSE\nsubjectAltName=%s\n' "$3" > "$1.ext"
      openssl ca -batch -config ca.cnf -cert ca.pem -keyfile ca.key -in "$1.csr" -out "$1.pem" \
        -notext -startdate "$4" -enddate "$5" -extfile "$1.ext"
    }
    authority ca dd-doctor-test-authority
    authority self-signed localhost
    leaf good localhost DNS:localhost,IP:127.0.0.1 20200101000000Z 20491231000000Z
    leaf expired localhost DNS:localhost 20200101000000Z 20200201000000Z
    leaf future localhost DNS:localhost 20480101000000Z 20491231000000Z
    leaf other other.test DNS:other.test 20200101000000Z 20491231000000Z
    """#

  /// Each name on a port of its own; an answer's body is the request as it was heard.
  private static let server = #"""
    import os, select, shutil, socket, ssl, sys, threading

    def context(name):
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.load_cert_chain(name + ".pem", name + ".key")
        return made

    def head(peer):
        heard = b""
        while b"\r\n\r\n" not in heard:
            piece = peer.recv(65536)
            if not piece:
                return heard
            heard += piece
        return heard

    def echo(peer):
        while True:
            heard = head(peer)
            if not heard:
                return
            wanted = [l.split(b":")[1] for l in heard.split(b"\r\n")
                      if l.lower().startswith(b"content-length:")]
            while wanted and len(heard.split(b"\r\n\r\n", 1)[1]) < int(wanted[0]):
                heard += peer.recv(65536)
            peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(heard), heard))

    def script(*steps):
        def play(peer):
            for step in steps:
                if step is None:
                    head(peer)
                else:
                    peer.sendall(step)
        return play

    def silent(peer):
        while peer.recv(65536):
            pass

    def tunnel(peer):
        target = head(peer).split(b" ")[1].decode().rsplit(":", 1)
        secure = isinstance(peer, ssl.SSLSocket)
        there = socket.create_connection((target[0].strip("[]"), int(target[1])))
        peer.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        other = {peer: there, there: peer}
        while True:
            if not (secure and peer.pending()):
                ready = select.select([peer, there], [], [])[0]
            else:
                ready = [peer]
            for end in ready:
                piece = end.recv(65536)
                if not piece:
                    return there.close()
                other[end].sendall(piece)

    def serve(listener, secure, play):
        while True:
            peer, _ = listener.accept()
            threading.Thread(target=answer, args=(peer, secure, play), daemon=True).start()

    def answer(peer, secure, play):
        try:
            if secure:
                peer = secure.wrap_socket(peer, server_side=True)
            play(peer)
            if secure:
                peer.unwrap()
        except (OSError, ValueError):
            pass
        peer.close()

    def start(name, secure, play):
        listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=serve, args=(listener, secure, play), daemon=True).start()
        print(name, listener.getsockname()[1])

    good = context("good")
    demanding = context("good")
    demanding.verify_mode = ssl.CERT_REQUIRED
    demanding.load_verify_locations("ca.pem")
    for name in ("good", "self-signed", "expired", "future", "other"):
        start(name, context(name), echo)
    start("demands-certificate", demanding, echo)
    start("ssh", good, script(None, b"SSH-2.0-OpenSSH_9.2p1\r\n"))
    start("closed", good, script(None))
    start("cut", good, script(None, b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"))
    start("cut-head", good, script(None, b"HTTP/1.1 200 OK\r\nContent-"))
    start("silent", good, silent)
    start("proxy", None, tunnel)
    start("secure-proxy", good, tunnel)
    start("bad-proxy", context("expired"), tunnel)
    print("ready", flush=True)
    sys.stdin.read()
    shutil.rmtree(os.getcwd(), ignore_errors=True)
    """#
}
