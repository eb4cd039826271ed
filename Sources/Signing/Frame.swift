internal import Linux
internal import SystemPackage

/// One message between supervisor and signer: `u32` big-endian length of what follows, a byte of kind, a payload.
struct Frame: Equatable, Sendable {
    let kind: UInt8
    let payload: [UInt8]

    static let headerLength = 5

    /// The largest statement that is signed; with its kind, the largest frame there is.
    static let payloadLimit = 8 << 20

    init(kind: UInt8, payload: [UInt8] = []) {
        self.kind = kind
        self.payload = payload
    }

    var bytes: [UInt8] {
        let length = UInt32(payload.count + 1)
        return [UInt8(length >> 24), UInt8(length >> 16 & 255), UInt8(length >> 8 & 255), UInt8(length & 255), kind]
            + payload
    }

    /// Reads one frame; nil when the peer has closed between two of them.
    ///
    /// - Parameters:
    ///   - socket: a stream.
    ///   - limit: the largest payload for a kind, asked before the payload is read or memory set aside for it.
    /// - Throws: `LinuxError`; EMSGSIZE for a length that the kind does not have, ENODATA for half a frame.
    /// - Returns: the frame, or nil.
    static func read(
        from socket: borrowing OwnedDescriptor, limit: (UInt8) -> Int?
    ) throws(LinuxError) -> Frame? {
        guard let header = try socket.receive(exactly: headerLength) else { return nil }
        let length = header[..<4].reduce(0) { $0 << 8 | Int($1) }
        guard length >= 1, let limit = limit(header[4]), length - 1 <= limit else {
            throw LinuxError(stage: "read frame", errno: .messageTooLong)
        }
        guard length > 1 else { return Frame(kind: header[4]) }
        guard let payload = try socket.receive(exactly: length - 1) else {
            throw LinuxError(stage: "read frame", errno: .noData)
        }
        return Frame(kind: header[4], payload: payload)
    }
}

/// What a signer answers with.
enum Reply: UInt8 {
    case done = 0
    /// The request was understood and declined; the payload says why.
    case refused = 1
    /// The signer could not start; the payload says why, and nothing follows.
    case failed = 2
}
