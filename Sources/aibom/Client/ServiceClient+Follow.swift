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
        var failures = 0
        while true {
            let before = last
            do throws(CommandError) {
                if try await followOnce(id, after: &last, seen) { return try await job(id) }
            } catch {
                guard case .unreachable = error, failures < 5 else { throw error }
            }
            // An end of the stream that is not the job's: the service stopped, or could not read on.
            failures = last > before ? 0 : failures + 1
            guard failures < 6 else { throw .unreachable("/v1/jobs/\(id)/events", detail: "the events stop") }
            try? await Task.sleep(for: .seconds(1))
        }
    }

    /// Follows one connection; true when the job came to its end.
    private func followOnce(
        _ id: JobID, after last: inout Int, _ seen: (JobEvent) -> Void
    ) async throws(CommandError) -> Bool {
        let body = try await stream("/v1/jobs/\(id)/events", headers: [("last-event-id", String(last))])
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
