package import Measure

/// A hash of the tree: SHA-256, 32 bytes by value, since a tree has millions.
package struct TreeHash: Sendable, Hashable, CustomStringConvertible {
    package static let length = Digest.length

    private var words: SIMD4<UInt64>

    init() { words = .zero }

    package init(_ digest: Digest) {
        self.init()
        withUnsafeMutableBytes { $0.copyBytes(from: digest.bytes) }
    }

    /// Takes exactly 32 bytes; nil for any other number of them.
    package init?(bytes: some Collection<UInt8>) {
        guard bytes.count == Self.length else { return nil }
        self.init()
        withUnsafeMutableBytes { $0.copyBytes(from: bytes) }
    }

    /// Reads the one base64 spelling.
    package init?(base64 text: some Collection<UInt8>) {
        guard text.count == 44, let bytes = Base64.decode(text) else { return nil }
        self.init(bytes: bytes)
    }

    package var bytes: [UInt8] { withUnsafeBytes { Array($0) } }
    package var base64: String { Base64.encode(bytes) }
    package var description: String { base64 }

    func withUnsafeBytes<Answer>(_ body: (UnsafeRawBufferPointer) -> Answer) -> Answer {
        Swift.withUnsafeBytes(of: words) { body($0) }
    }

    mutating func withUnsafeMutableBytes<Answer>(_ body: (UnsafeMutableRawBufferPointer) -> Answer) -> Answer {
        Swift.withUnsafeMutableBytes(of: &words) { body($0) }
    }
}

extension [TreeHash] {
    /// The hashes one after the other, as a tile holds them.
    var concatenated: [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count * TreeHash.length) { buffer, initialized in
            self.withUnsafeBytes { source in UnsafeMutableRawBufferPointer(buffer).copyMemory(from: source) }
            initialized = count * TreeHash.length
        }
    }

    /// Reads hashes one after the other; nil when the last is not whole.
    init?(concatenated bytes: [UInt8]) {
        guard bytes.count % TreeHash.length == 0 else { return nil }
        let count = bytes.count / TreeHash.length
        self = [TreeHash](repeating: TreeHash(), count: count)
        self.withUnsafeMutableBytes { $0.copyBytes(from: bytes) }
    }
}
