package import Jobs
package import Linux
internal import Measure

/// A blob on its way in: what is hashed is what is written, in one pass and constant memory.
///
/// A small one waits in memory for its digest: of bytes that are stored already none is written. Dropping a writer drops the blob:
/// until `finish` it has no name.
package struct BlobWriter: ~Copyable {
    /// What is kept in memory before there is a file.
    static let heldBytes = 64 << 10

    private let store: BlobStore
    private var file: NamelessFile?
    private var held: [UInt8] = []
    private var isSpilt = false
    private var hasher = Hasher()
    private let limit: UInt64

    /// How many bytes came so far.
    package private(set) var size: UInt64 = 0

    init(store: BlobStore, limit: UInt64) {
        self.store = store
        self.limit = limit
    }

    /// Takes the next bytes.
    ///
    /// - Throws: `StoreError.tooLarge` before a byte over the limit is written; `StoreError.storageFull`.
    package mutating func append(_ bytes: RawSpan) throws(StoreError) {
        guard UInt64(bytes.byteCount) <= limit - size else { throw .tooLarge(limit: limit) }
        try bytes.withUnsafeBytes { buffer throws(StoreError) in
            hasher.update(buffer)
            size += UInt64(buffer.count)
            if size <= UInt64(Self.heldBytes) { return held.append(contentsOf: buffer) }
            if !isSpilt {
                file = try store.blank(holding: held)
                (isSpilt, held) = (true, [])
            }
            do throws(LinuxError) { try file?.write(buffer) } catch { throw StoreError(error) }
        }
    }

    /// Stores what came, durably: its data, its name and its folder are on the disk on return.
    ///
    /// A blob that was stored before is left as it is, and the answer is the same.
    package consuming func finish() throws(StoreError) -> Blob {
        let blob = Blob(digest: hasher.finish(), size: size)
        if try store.renew(blob) { return blob }
        if let file {
            try store.keep(file, as: blob)
        } else {
            try store.keep(try store.blank(holding: held), as: blob)
        }
        return blob
    }
}

extension BlobStore {
    /// Begins a blob of at most `limit` bytes.
    package func writer(limit: UInt64) -> BlobWriter { BlobWriter(store: self, limit: limit) }

    /// Stores bytes that are in memory.
    package func store(_ bytes: [UInt8]) throws(StoreError) -> Blob {
        var writer = writer(limit: UInt64(bytes.count))
        try writer.append(bytes.span.bytes)
        return try writer.finish()
    }

    /// Stores everything from the source's position to its end.
    ///
    /// - Throws: `StoreError.tooLarge` when `source` yields more than `limit` bytes; nothing is left in the store.
    /// - Complexity: one read and one write of the data, constant memory.
    package func ingest(from source: borrowing OwnedDescriptor, limit: UInt64) throws(StoreError) -> Blob {
        var writer = writer(limit: limit)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 4096)
        defer { buffer.deallocate() }
        while true {
            let count: Int
            do throws(LinuxError) { count = try source.read(into: buffer) } catch { throw StoreError(error) }
            guard count > 0 else { return try writer.finish() }
            try writer.append(UnsafeRawBufferPointer(rebasing: buffer[..<count]).bytes)
        }
    }
}
