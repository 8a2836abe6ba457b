/// One thing that a connection does in answer to a request, or to being opened.
enum Step: Equatable, Sendable {
  case send([UInt8])
  case pause(milliseconds: Int)
  /// One byte after the other, round and round.
  case drip([UInt8], milliseconds: Int)
  /// The same bytes as fast as they are taken.
  case flood([UInt8])
  /// Nothing more until the peer goes.
  case hold
  /// Ends the answer and waits for the peer to close, so that nothing sent is lost.
  case close
  /// What an answer elsewhere makes of it, once it is there.
  case later(Later)
  /// Goes with a TCP reset; over a Unix socket that looks like a close.
  case reset

  static func send(_ text: String) -> Step { .send(Array(text.utf8)) }
}
