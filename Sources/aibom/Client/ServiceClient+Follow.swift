import AsyncHTTPClient
import Jobs
import NIOCore

extension ServiceClient {
    /// Calls `seen` with each event of a job, once, to the job's end; a connection that breaks is made again from the
    /// event where it broke.
    ///
    /// - Returns: the job at its end.
    func follow(_ id: JobID, _ seen: (JobEvent) -> Void) async throws(CommandError) -> Job {
        var last = 0
        var persistence = Persistence()
        while true {
            let before = last
            var broken = CommandError.unreachable(place.name, ConnectionTrouble("the events stop", at: place))
            do throws(CommandError) {
                if try await followOnce(id, after: &last, seen) { return try await job(id) }
            } catch {
                broken = error
            }
            // An end of the stream that is not the job's: the service stopped, or could not read on.
            try await persistence.wait(after: broken, hasProgressed: last > before)
        }
    }

    /// Follows one connection; true when the job came to its end.
    private func followOnce(
        _ id: JobID, after last: inout Int, _ seen: (JobEvent) -> Void
    ) async throws(CommandError) -> Bool {
        let body = try await stream("/v1/jobs/\(id)/events", headers: [("last-event-id", String(last))]).body
        var reader = EventReader()
        var pieces = body.makeAsyncIterator()
        while true {
            let piece: ByteBuffer?
            do { piece = try await pieces.next() } catch { throw interrupted(error) }
            guard let piece else { return false }
            for event in try reader.read(piece.readableBytesView) where event.sequence > last {
                last = event.sequence
                seen(event)
                if event.isLast { return true }
            }
        }
    }
}
