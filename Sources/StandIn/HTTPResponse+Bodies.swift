import Wire

extension HTTPResponse {
  static func json(_ status: Int, _ text: String) -> HTTPResponse {
    HTTPResponse(
      status, fields: HTTPFields([("Content-Type", "application/json")]), body: Array(text.utf8))
  }

  /// As Go's `http.Error` writes it: plain text and a line end.
  static func error(_ status: Int, _ text: String) -> HTTPResponse {
    HTTPResponse(
      status,
      fields: HTTPFields([
        ("Content-Type", "text/plain; charset=utf-8"), ("X-Content-Type-Options", "nosniff"),
      ]), body: Array("\(text)\n".utf8))
  }

  static func html(_ status: Int, title: String) -> HTTPResponse {
    let page = """
      <!DOCTYPE html>
      <html><head><title>\(title)</title></head><body><h1>\(title)</h1></body></html>

      """
    return HTTPResponse(
      status, fields: HTTPFields([("Server", "nginx"), ("Content-Type", "text/html")]),
      body: Array(page.utf8))
  }

  /// What Go's multiplexer says of a path that it doesn't know.
  static let notFound = error(404, "404 page not found")
}
