package import Linux
internal import Synchronization

/// A request to end a job, from any thread, before or while it runs.
package final class Cancellation: Sendable {
    private let reader: OwnedDescriptor
    private let writer: OwnedDescriptor
    private let requested = Atomic(false)

    package init() throws(LinuxError) {
        let pipe = try Pipe()
        writer = try pipe.writer.duplicate()
        reader = pipe.takeReader()
    }

    /// Asks for the end. The pipe is never read, so the request stays; a second one changes nothing.
    package func cancel() {
        requested.store(true, ordering: .releasing)
        try? writer.write([1])
    }

    /// Whether the end was asked for, so that a job that has not begun need not begin.
    package var isRequested: Bool { requested.load(ordering: .acquiring) }

    /// For poll(2): readable once the end was asked for.
    var descriptor: Int32 { reader.raw }
}
