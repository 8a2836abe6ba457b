import CFuzzer
import FuzzSubjects
import Glibc

/// The subject is named in the environment: the arguments are libFuzzer's.
private let subject: FuzzSubject = {
  let name = getenv("DD_DOCTOR_FUZZ").map { String(cString: $0) } ?? ""
  guard let subject = FuzzSubject(rawValue: name) else {
    fatalError("DD_DOCTOR_FUZZ=\(name) is none of \(FuzzSubject.allCases)")
  }
  return subject
}()

var count = CommandLine.argc
var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
exit(
  LLVMFuzzerRunDriver(&count, &arguments) { start, count in
    do {
      try subject.read(Array(UnsafeBufferPointer(start: start, count: count)))
    } catch {
      fatalError("\(subject): \(error)")
    }
    return 0
  })
