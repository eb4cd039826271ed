import AsyncHTTPClient
import NIOCore

extension LogPrinter {
    /// Prints a body to its end.
    ///
    /// - Returns: false when nobody reads any more.
    mutating func print(
        _ body: HTTPClientResponse.Body, _ client: ServiceClient
    ) async throws(CommandError) -> Bool {
        var pieces = body.makeAsyncIterator()
        while true {
            let piece: ByteBuffer?
            do { piece = try await pieces.next() } catch { throw client.interrupted(error) }
            guard let piece else { return true }
            guard print(Array(piece.readableBytesView)) else { return false }
        }
    }
}
