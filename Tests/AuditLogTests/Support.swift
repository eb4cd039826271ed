import Foundation
import JSON
import Linux
import Measure
import Testing

@testable import AuditLog

/// The files beside these tests.
enum Vectors {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Vectors").path

    static func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(filePath: "\(folder)/\(name)")))
    }

    static func json(_ name: String) throws -> JSON { try JSON.parse(bytes(name), limits: .document) }
}

/// A folder that is gone after the test.
final class Folder: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("aibom-log-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Opens the folder `name` in this one, made when it is missing.
    func open(_ name: String = "log") throws -> OwnedDescriptor { try OwnedDescriptor.directory("\(path)/\(name)") }

    func read(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: "\(path)/\(name)"))) }

    func write(_ bytes: [UInt8], as name: String) throws { try Data(bytes).write(to: URL(filePath: "\(path)/\(name)")) }

    func copy(_ name: String, to copy: String) throws {
        try FileManager.default.copyItem(atPath: "\(path)/\(name)", toPath: "\(path)/\(copy)")
    }

    func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: "\(path)/\(name)") }

    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: "\(path)/\(name)") }
}

/// A tree in memory, by its definition: slow, and right by inspection.
struct PlainTree: HashSource {
    let leaves: [TreeHash]
    private let recorder = Recorder()

    final class Recorder { var count = 0 }

    var asked: Int { recorder.count }

    init(leaves: [TreeHash]) { self.leaves = leaves }

    init(entries: [[UInt8]]) {
        var hasher = TreeHasher()
        leaves = entries.map { hasher.leaf($0) }
    }

    mutating func subtree(level: Int, index: UInt64) throws(LogError) -> TreeHash {
        recorder.count += 1
        return Self.root(leaves[(Int(index) << level)..<(Int(index + 1) << level)])
    }

    func root(_ size: Int) -> TreeHash { Self.root(leaves[..<size]) }

    static func root(_ leaves: ArraySlice<TreeHash>) -> TreeHash {
        guard let first = leaves.first else { return TreeHasher.emptyRoot }
        guard leaves.count > 1 else { return first }
        var split = 1
        while 2 * split < leaves.count { split *= 2 }
        let middle = leaves.startIndex + split
        var hasher = TreeHasher()
        return hasher.node(root(leaves[..<middle]), root(leaves[middle...]))
    }

    func tree(_ size: Int) -> MerkleTree<PlainTree> { MerkleTree(size: UInt64(size), source: self) }
}

/// Keys of the golden checkpoint: anybody can make them.
enum Keys {
    static let logVkey = "trainrunner.example/log+76faf561+AZsfhHkc/HZjBFhU04netcqVRJ2HXydqg4QLBgqznPxx"
    static let witnessVkey = "witness.example/w1+a7e12144+BGG3op9v3HIXXDPBmFc/0CioJHhGCXc+pyvvFPlBZdYO"

    static func log(_ origin: ExactText = "trainrunner.example/log", seed: String = "log") throws -> MemoryNoteSigner {
        try MemoryNoteSigner(name: origin, kind: .ed25519, seed: Digest.of(Array(seed.utf8)))
    }

    static func witness(_ name: ExactText = "witness.example/w1", seed: String = "witness") throws -> MemoryNoteSigner {
        try MemoryNoteSigner(name: name, kind: .cosignature, seed: Digest.of(Array(seed.utf8)))
    }
}

/// A source of chance whose run can be repeated.
struct Dice: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {  // SplitMix64
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
        return value ^ value >> 31
    }
}

func entries(_ range: Range<Int>) -> [[UInt8]] { range.map { Array("entry number \($0)".utf8) } }

extension TreeHash {
    init(hex: String) throws {
        self.init(try #require(Digest(hex: hex)))
    }
}
