/// The tool's name and version, in one place.
package enum Version {
  package static let name = "dd-doctor"
  package static let number = "0.1"
  /// Of the manual page.
  package static let date = "November 25, 2026"
}
