import Wire

@testable import Probes

extension CurlOptions {
  /// With a proxy's URL as it stands in a test.
  init(proxy text: String?, caFile: String? = nil) {
    self.init(proxy: text.map { ProxyURL(Secret(Array($0.utf8))) }, caFile: caFile)
  }
}
