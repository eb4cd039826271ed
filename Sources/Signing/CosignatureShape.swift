internal import AuditLog

/// The only kind of text that a witness's key signs: `cosignature/v1`, a time, and a checkpoint.
enum CosignatureShape {
    static func check(_ message: [UInt8]) throws(SigningError) {
        let lines = message.split(separator: 0x0a, maxSplits: 2, omittingEmptySubsequences: false)
        guard lines.count == 3, lines[0].elementsEqual("cosignature/v1".utf8), lines[1].starts(with: "time ".utf8),
            let seconds = Int64(String(decoding: lines[1].dropFirst(5), as: UTF8.self)), seconds >= 0
        else { throw .signerRefused("message is no cosignature/v1 with a time") }
        do throws(LogError) { _ = try Checkpoint(text: Array(lines[2])) } catch {
            throw .signerRefused(error.description)
        }
    }
}
