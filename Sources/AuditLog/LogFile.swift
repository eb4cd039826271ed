internal import Glibc

/// The names in a log's folder. `checkpoint` and `tile` are the log as C2SP tlog-tiles has it, and may be served to anybody who
/// may read the entries; the others are the writer's own.
enum LogFile {
    static let checkpoint = "checkpoint"
    /// Earlier checkpoints, one note after the other.
    static let history = "checkpoints"
    static let journal = "journal"
}

/// Flags of open(2).
enum LogFlags {
    static let folder = O_RDONLY | O_DIRECTORY
    static let make = O_RDWR | O_CREAT
    static let makeNew = O_RDWR | O_CREAT | O_EXCL
    static let append = O_WRONLY | O_CREAT | O_APPEND
}
