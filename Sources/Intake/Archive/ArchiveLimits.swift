/// What a zip archive may declare. The first version of this system had: archive 100 MB, entry 50 MB, together 500 MB,
/// and no limit on entries, ratio or the directory.
package struct ArchiveLimits: Sendable, Equatable {
    package var entries: Int
    /// Of the central directory, which is what a check keeps in memory.
    package var directoryBytes: Int
    /// Unpacked, of one entry.
    package var entryBytes: UInt64
    /// Unpacked, together.
    package var totalBytes: UInt64
    /// Unpacked size over packed size; deflate reaches 1032.
    package var ratio: UInt64 = 100
    /// Below this an entry may have any ratio: nothing large comes of it.
    package var ratioFloor: UInt64 = 1 << 20
    package var nameBytes = 1024
    package var componentBytes = 255
    package var depth = 16

    /// Images in folders: about 40 000 of them fit a directory of 4 MiB.
    package static let dataset = ArchiveLimits(
        entries: 100_000, directoryBytes: 4 << 20, entryBytes: 50 << 20, totalBytes: 2 << 30)

    /// A .keras file: three entries; the trainer's limits.
    package static let model = ArchiveLimits(
        entries: 16, directoryBytes: 64 << 10, entryBytes: 2 << 30, totalBytes: (2 << 30) + (32 << 20))
}
