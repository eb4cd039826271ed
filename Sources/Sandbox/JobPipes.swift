internal import CSandbox
internal import Linux
internal import SystemPackage

/// The streams of one job: nothing to read, three pipes to write.
struct JobPipes: ~Copyable {
    let null: OwnedDescriptor
    let output: Pipe
    let error: Pipe
    let report: Pipe

    init() throws(LinuxError) {
        let opened = try OwnedDescriptor.open("/dev/null", flags: O_RDONLY)
        let nothing = try opened.duplicate()
        let first = try Pipe()
        let second = try Pipe()
        report = try Pipe()
        null = nothing
        output = first
        error = second
    }

    /// Our ends; the job's are closed here, so that each stream ends when the job's last process does.
    consuming func takeReaders() -> JobReaders {
        JobReaders(output: output.takeReader(), error: error.takeReader(), report: report.takeReader())
    }
}

/// Our ends of a job's streams.
struct JobReaders: ~Copyable {
    let output: OwnedDescriptor
    let error: OwnedDescriptor
    let report: OwnedDescriptor
}
