import AuditLog
import Foundation
import JSON
import Linux
import Measure

/// A log to measure, with a key in memory and entries like a job's.
enum BenchedLog {
    static func signer() throws -> MemoryNoteSigner {
        try MemoryNoteSigner(name: "bench.example/log", kind: .ed25519, seed: Digest.of(Array("bench".utf8)))
    }

    static func open(_ path: String) throws -> Log {
        try Log(in: OwnedDescriptor.directory(path), signer: signer())
    }

    private static let template: [UInt8] = {
        let entry = try? LogEntry(
            .jobState, at: Instant(milliseconds: 1_800_000_000_000), actor: "supervisor", owner: "uid:1000",
            job: "01936b2a-7c1e-7f3a-9d52-6c1f0b7a8e44", detail: ["from": "staging", "to": "running", "attempt": 1])
        return (try? entry?.bytes()) ?? []
    }()

    /// An entry as long as that of a job's change of state; each number gives other bytes.
    static func entry(_ number: Int) -> [UInt8] {
        var bytes = template
        withUnsafeBytes(of: number) { for (index, byte) in $0.enumerated() { bytes[index + 20] = 0x40 + byte & 0x3f } }
        return bytes
    }

    /// What the files below `path` take on the disk.
    static func diskBytes(_ path: String) throws -> UInt64 {
        var total: UInt64 = 0
        for name in try FileManager.default.subpathsOfDirectory(atPath: path) where !name.hasPrefix("journal/") {
            let values = try URL(filePath: "\(path)/\(name)").resourceValues(forKeys: [.fileSizeKey, .isRegularFileKey])
            let size = UInt64(values.fileSize ?? 0)
            if values.isRegularFile == true { total += (size + 4095) / 4096 * 4096 }
        }
        return total
    }
}

/// What every durable append pays at least on this disk: one block, written over zeros, and fdatasync(2).
struct DiskFloor: ~Copyable {
    private let file: OwnedDescriptor
    private let block = [UInt8](repeating: 1, count: 4096)
    private var position: UInt64 = 0

    init(_ path: String, blocks: Int) throws {
        let opened = try OwnedDescriptor.open(path, flags: O_RDWR | O_CREAT | O_TRUNC, mode: 0o600)
        let zeros = [UInt8](repeating: 0, count: 4096)
        for _ in 0..<blocks { try opened.write(zeros) }
        try opened.synchronise()
        file = opened
    }

    mutating func write() throws {
        try file.write(block, at: position)
        try file.synchroniseData()
        position += 4096
    }
}
