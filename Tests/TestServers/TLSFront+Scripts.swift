extension TLSFront {
  /// The names of the good certificate.
  package static let names =
    [
      "datadoghq.com", "us3.datadoghq.com", "us5.datadoghq.com", "datadoghq.eu",
      "ap1.datadoghq.com", "ap2.datadoghq.com", "uk1.datadoghq.com", "ddog-gov.com",
      "us2.ddog-gov.com",
    ].flatMap { ["api.\($0)", "trace.agent.\($0)", "llmobs-intake.\($0)"] }
    + [
      "public-trace-http-intake.logs.datadoghq.com", "trace.browser-intake-us5-datadoghq.com",
      "api.openai.com", "*.api.openai.com", "*.openai.azure.com", "openrouter.ai", "*.test",
      "localhost",
    ]

  static let authorityConfiguration = """
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
  static let certificates = #"""
    : > index
    authority() {
      openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 \
        -keyout "$1.key" -out "$1.pem" -subj "$2" -addext "subjectAltName=$3"
    }
    leaf() {
      openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
        -keyout "$1.key" -out "$1.csr" -subj "/CN=$1.test"
      printf 'basicConstraints=CA:FALSE\nsubjectAltName=%s\n' "$2" > "$1.ext"
      openssl ca -batch -config ca.cnf -cert ca.pem -keyfile ca.key -in "$1.csr" -out "$1.pem" \
        -notext -startdate "$3" -enddate "$4" -extfile "$1.ext"
    }
    authority ca '/O=dd-doctor tests/CN=dd-doctor-test-authority' DNS:authority.test
    authority self-signed /CN=self-signed.test "$1"
    leaf good "$1,IP:127.0.0.1" 20200101000000Z 20491231000000Z
    leaf expired "$1" 20200101000000Z 20200201000000Z
    leaf future "$1" 20480101000000Z 20491231000000Z
    leaf other DNS:other.test 20200101000000Z 20491231000000Z
    """#

  /// Reads lines of a certificate, a play and the port of a server behind it, and answers each
  /// with the port that shows it.
  static let script = #"""
    import base64, os, resource, select, shutil, socket, ssl, sys, threading

    def context(name):
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.load_cert_chain(name + ".pem", name + ".key")
        return made

    contexts = {name: context(name)
                for name in ("good", "expired", "future", "other", "self-signed")}
    contexts["own"] = contexts["self-signed"]
    contexts["demanding"] = context("good")
    contexts["demanding"].verify_mode = ssl.CERT_REQUIRED
    contexts["demanding"].load_verify_locations("ca.pem")
    # A port stays open until the last test ends.
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    login = b"basic " + base64.b64encode(b"ann:swordfish").lower()

    def head(peer):
        heard = b""
        while b"\r\n\r\n" not in heard:
            piece = peer.recv(65536)
            if not piece:
                return heard
            heard += piece
        return heard

    def relay(peer, address):
        with socket.create_connection(address) as there:
            other = {peer.fileno(): (peer, there), there.fileno(): (there, peer)}
            watch = select.poll()  # select.select takes no descriptor above 1023
            for descriptor in other:
                watch.register(descriptor, select.POLLIN)
            while True:
                pending = isinstance(peer, ssl.SSLSocket) and peer.pending()
                for descriptor, _ in [(peer.fileno(), 0)] if pending else watch.poll():
                    here, beyond = other[descriptor]
                    piece = here.recv(65536)
                    if not piece:
                        return
                    beyond.sendall(piece)

    def echo(peer):
        while heard := head(peer):
            wanted = [line.split(b":")[1] for line in heard.split(b"\r\n")
                      if line.lower().startswith(b"content-length:")]
            while wanted and len(heard.split(b"\r\n\r\n", 1)[1]) < int(wanted[0]):
                heard += peer.recv(65536)
            peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(heard), heard))

    opened = b"HTTP/1.1 200 Connection established\r\n\r\n"

    def tunnel(peer):
        host, port = head(peer).split(b" ")[1].decode().rsplit(":", 1)
        peer.sendall(opened)
        relay(peer, (host.strip("[]"), int(port)))

    def admit(peer, server):
        if b"proxy-authorization: " + login in head(peer).lower():
            peer.sendall(opened)
            relay(peer, server)
        else:
            peer.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")

    def silent(peer):
        while peer.recv(65536):
            pass

    def says(text):
        def play(peer, server):
            head(peer)
            peer.sendall(text)
        return play

    plays = {
        "relay": relay,
        "echo": lambda peer, server: echo(peer),
        "ssh": says(b"SSH-2.0-OpenSSH_9.2p1\r\n"),
        "closes": says(b""),
        "cut-body": says(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"),
        "cut-head": says(b"HTTP/1.1 200 OK\r\nContent-"),
        "silent": lambda peer, server: silent(peer),
        "hangs-up": lambda peer, server: peer.recv(1),
        "tunnel": lambda peer, server: tunnel(peer),
        "login": admit,
    }

    def answer(peer, certificate, play, server):
        try:
            if certificate == "own" and peer.recv(1, socket.MSG_PEEK) != b"\x16":
                head(peer)
                peer.sendall(b"HTTP/1.0 400 Bad Request\r\n\r\n"
                             b"Client sent an HTTP request to an HTTPS server.\n")
                return peer.close()
            if certificate in contexts:
                peer = contexts[certificate].wrap_socket(peer, server_side=True)
            plays[play](peer, ("127.0.0.1", server))
            if certificate in contexts:
                peer.unwrap()
        except (OSError, ValueError):
            pass
        peer.close()

    def serve(listener, *manner):
        while True:
            peer, _ = listener.accept()
            threading.Thread(target=answer, args=(peer, *manner), daemon=True).start()

    for line in sys.stdin:
        certificate, play, server = line.split()
        listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        threading.Thread(
            target=serve, args=(listener, certificate, play, int(server)), daemon=True).start()
        print(listener.getsockname()[1], flush=True)
    shutil.rmtree(os.getcwd(), ignore_errors=True)
    """#
}
