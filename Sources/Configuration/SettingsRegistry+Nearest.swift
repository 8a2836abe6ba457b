extension SettingsRegistry {
  /// The known name that an unknown one is most likely a misspelling of, nil if it may be right.
  ///
  /// Silence is the rule: a known name, a service link of Kubernetes and whatever differs by a
  /// word rather than by a slip are left alone.
  package static func nearest(to name: String) -> String? {
    nearest(to: name, leavingOut: nil)
  }

  /// The same over a registry without one name, to measure false accusations.
  static func nearest(to name: String, leavingOut left: String?) -> String? {
    let raw = Array(name.utf8)
    let data = self.data
    let ignored = left.flatMap { data.line(of: Array($0.utf8))?.start } ?? -1
    guard raw.count > 3, raw.count <= 128 else { return nil }
    if let line = data.line(of: raw), line.start != ignored { return nil }
    guard !isServiceLink(name), !isOurs(name) else { return nil }

    let typed = Typed(raw)
    if typed.bytes != raw, let line = data.line(of: typed.bytes), line.start != ignored {
      return data.name(of: line)
    }
    if let meant = confusions[String(decoding: typed.bytes, as: UTF8.self)], contains(meant) {
      return meant
    }
    if let line = shortPrefix(typed, in: data), line.start != ignored {
      return data.name(of: line)
    }
    return Search(data: data, typed: typed, ignored: ignored).best.map { data.name(of: $0) }
  }

  /// `DD_X` for `DATADOG_X`, if a tracer reads it; one word alone may be an application's own.
  private static func shortPrefix(_ typed: Typed, in data: SettingsText) -> SettingsText.Line? {
    let long = Array("DATADOG_".utf8)
    guard typed.bytes.starts(with: long),
      typed.bytes.dropFirst(long.count).contains(SettingsText.Byte.underscore)
    else { return nil }
    let short = Array("DD_".utf8) + typed.bytes.dropFirst(long.count)
    return data.line(of: short).flatMap { Search.rank(of: $0, in: data) < .clients ? $0 : nil }
  }

  /// A name as somebody typed it, in the case and with the separators of the known ones.
  struct Typed {
    let bytes: [UInt8]

    init(_ raw: [UInt8]) {
      bytes = raw.map {
        if SettingsText.Byte.isLower($0) { return $0 - 32 }
        return $0 == SettingsText.Byte.hyphen ? SettingsText.Byte.underscore : $0
      }
    }
  }
}
