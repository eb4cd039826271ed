import Glibc
import JSON
import Linux

/// Every file of /out as a collector sees it, or why it stopped.
func collected(_ output: borrowing OwnedDescriptor) -> JSON {
    var files: [JSON] = []
    do throws(WalkError) {
        let limits = WalkLimits(entries: 10_000, depth: 16, fileBytes: 1 << 40)
        try output.walkOutputs(limits: limits) { path, file throws(WalkError) in
            guard let status = try? file.status() else { return }
            files.append([
                "path": .string(hex(path)), "size": .integer(Int64(status.size)), "mode": .integer(Int64(status.mode)),
                "owner": .integer(Int64(status.owner)), "group": .integer(Int64(status.group)),
                "sum": status.size > 16 << 20 ? .null : .string(sum(of: file)),
            ])
        }
    } catch {
        return ["error": .string(error.name), "files": .array(files)]
    }
    return ["files": .array(files)]
}

/// FNV-1a of a file's bytes: enough to see that they changed.
private func sum(of file: borrowing OwnedDescriptor) -> String {
    guard let bytes = try? file.readAll(limit: 16 << 20) else { return "unreadable" }
    var sum: UInt64 = 14_695_981_039_346_656_037
    for byte in bytes { sum = (sum ^ UInt64(byte)) &* 1_099_511_628_211 }
    return String(sum, radix: 16)
}
