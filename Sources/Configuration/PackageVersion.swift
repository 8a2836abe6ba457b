/// A version of a package as its numbers: `4.16.0rc1` is 4.16.0.
package struct PackageVersion: Comparable, Sendable {
  package let numbers: [Int]

  package init(_ major: Int, _ minor: Int) {
    numbers = [major, minor]
  }

  package init?(_ text: String) {
    var rest = text[...]
    if rest.first == "v" { rest = rest.dropFirst() }
    var numbers: [Int] = []
    for part in rest.split(separator: ".", omittingEmptySubsequences: false) {
      let digits = part.prefix { $0.isASCII && $0.isNumber }
      guard let number = Int(digits) else { break }
      numbers.append(number)
      guard digits.count == part.count else { break }
    }
    guard !numbers.isEmpty else { return nil }
    self.numbers = numbers
  }

  package var major: Int { numbers.first ?? 0 }

  package static func < (left: PackageVersion, right: PackageVersion) -> Bool {
    for index in 0..<max(left.numbers.count, right.numbers.count) {
      let (one, other) = (left[index], right[index])
      if one != other { return one < other }
    }
    return false
  }

  package static func == (left: PackageVersion, right: PackageVersion) -> Bool {
    !(left < right) && !(right < left)
  }

  private subscript(_ index: Int) -> Int { index < numbers.count ? numbers[index] : 0 }
}

extension PackageVersion: CustomStringConvertible {
  package var description: String { numbers.map(String.init).joined(separator: ".") }
}
