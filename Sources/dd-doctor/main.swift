import DoctorCLI

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

// Nothing is left to be done after the last write: _exit saves the teardown.
Program.run { status in _exit(status) }
