internal import CLinux
internal import Linux
internal import SystemPackage

/// The streams of one job: nothing to read, three pipes to write; and the channel of its launch.
///
/// Both ends stay open here. The end of a stream says nothing: a job may close its own, and may keep one open beyond its death, on
/// its way through a socket that only holds itself (unix(7), SCM_RIGHTS). The job's death is what ends all three.
struct JobPipes: ~Copyable {
    let null: OwnedDescriptor
    let output: Pipe
    let error: Pipe
    let report: Pipe
    /// On which the tape says how far it came.
    let launch: SocketPair

    init() throws(LinuxError) {
        let nothing = try OwnedDescriptor.open("/dev/null", flags: O_RDONLY).raised()
        let first = try Pipe()
        let second = try Pipe()
        let third = try Pipe()
        launch = try SocketPair(.packets)
        report = third
        null = nothing
        output = first
        error = second
    }

    /// Our ends, by name.
    var readers: [(name: JobStreams.Name, descriptor: Int32)] {
        [(.output, output.reader.raw), (.error, error.reader.raw), (.report, report.reader.raw)]
    }
}
