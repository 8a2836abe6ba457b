/// `demo`.
enum DemoCommand {
  static var faults: [String] { [] }
}
