import Reporters
#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What a stream of ours leads to, and how text may look there.
struct Terminal {
  private let descriptor: Int32
  private let environment: @Sendable (String) -> String?

  init(_ descriptor: Int32) {
    self.descriptor = descriptor
    environment = { name in getenv(name).map { String(cString: $0) } }
  }

  var isTerminal: Bool { isatty(descriptor) == 1 }

  var isDumb: Bool { environment("TERM") == "dumb" }

  /// Columns, 80 where nobody tells.
  var width: Int {
    var size = winsize()
    guard isTerminal, ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
      return 80
    }
    return Int(size.ws_col)
  }

  /// The flag, then NO_COLOR, then CLICOLOR_FORCE, then what the stream is.
  func showsColor(_ choice: ColorChoice) -> Bool {
    switch choice {
    case .always: return true
    case .never: return false
    case .auto: break
    }
    if let value = environment("NO_COLOR"), !value.isEmpty { return false }
    if let value = environment("CLICOLOR_FORCE"), !value.isEmpty, value != "0" { return true }
    if environment("CLICOLOR") == "0" || isDumb { return false }
    return isTerminal
  }

  func style(_ options: Options) -> Style {
    Style(
      color: showsColor(options.color), ascii: isDumb, width: width, verbose: options.verbose,
      quiet: options.quiet)
  }
}
