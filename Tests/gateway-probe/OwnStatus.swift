import Glibc

/// What the kernel says of this process, as far as it can still be read.
enum OwnStatus {
    static func lines() -> [String] {
        guard let file = fopen("/proc/self/status", "r") else { return ["unreadable \(errno)"] }
        defer { fclose(file) }
        var lines: [String] = []
        var line: UnsafeMutablePointer<CChar>?
        var capacity = 0
        defer { free(line) }
        while getline(&line, &capacity, file) > 0, let line {
            lines.append(String(cString: line).split(whereSeparator: \.isWhitespace).joined(separator: " "))
        }
        return lines
    }

    /// The processes that /proc shows.
    static func processes() -> Int {
        guard let folder = opendir("/proc") else { return -1 }
        defer { closedir(folder) }
        var count = 0
        while let entry = readdir(folder) {
            let first = withUnsafeBytes(of: entry.pointee.d_name) { $0[0] }
            if (0x31...0x39).contains(first) { count += 1 }
        }
        return count
    }
}
