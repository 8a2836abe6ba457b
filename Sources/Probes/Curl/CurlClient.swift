import CCurl
import Diagnosis
package import Configuration
package import Wire

/// Asks through libcurl: what goes over TLS or through a proxy.
///
/// libcurl is loaded, and its thread started, when the first request is made.
package final class CurlClient: Sendable {
  private let loop: CurlLoop

  package convenience init() {
    self.init(library: CCURL_LIBRARY)
  }

  init(library: String) {
    loop = CurlLoop(library: library)
  }

  deinit {
    loop.stop()
  }

  /// Makes one request and says what became of it; it never follows a redirect and never retries.
  ///
  /// Sealed header fields are written only to a `.tls` endpoint of the host that they are for.
  package func perform(
    _ request: HTTPRequest, to endpoint: Endpoint, _ options: CurlOptions, until deadline: Deadline
  ) async -> Exchange {
    do {
      let order = try CurlOrder(request, to: endpoint, options, until: deadline)
      return await loop.perform(order)
    } catch {
      return Exchange(request, to: endpoint, .failed(error))
    }
  }

  /// Makes one request and hands its answer back as it came: not redacted, and not cut.
  ///
  /// It waits for nothing, and calls back once, where there is no answer with the reason.
  package func pass(
    _ request: HTTPRequest, to endpoint: Endpoint, _ options: CurlOptions, until deadline: Deadline,
    _ answered: @escaping @Sendable (Result<HTTPResponse, Fault>) -> Void
  ) {
    do throws(Fault) {
      let order = try CurlOrder(request, to: endpoint, options, until: deadline)
      loop.perform(order) { exchange, response in
        let fault = exchange.fault ?? Fault(.closed, "no answer")
        answered(response.map { .success($0) } ?? .failure(fault))
      }
    } catch {
      answered(.failure(error))
    }
  }
}

extension Exchange {
  /// What became of a request to an endpoint, with its URL as a person would write it.
  init(_ request: HTTPRequest, to endpoint: Endpoint, _ result: Result) {
    self.init(
      method: request.method, url: Redaction.redacted(endpoint.url(request.target)), result: result)
  }
}
