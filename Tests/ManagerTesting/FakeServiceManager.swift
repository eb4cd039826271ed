internal import Foundation
internal import Linux

/// The service manager's end of the notify protocol.
package final class FakeServiceManager: Sendable {
    private let folder: String
    private let socket: OwnedDescriptor
    package let address: String

    package init(abstract: Bool = false) throws {
        folder = "/tmp/aibom-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        address = abstract ? "@aibom-test-\(UUID().uuidString)" : "\(folder)/notify"
        socket = try OwnedDescriptor.datagramSocket()
        try socket.bind(to: UnixAddress(address))
        try socket.setTimeout(seconds: 5)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// The next message, as its lines; nil when none comes.
    package func next() -> [String]? {
        guard let bytes = try? socket.readSome(limit: 65_536) else { return nil }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// The next message that is there already.
    package func nextNow() -> [String]? {
        guard let packet = try? socket.receivePacket(limit: 65_536) else { return nil }
        return String(decoding: packet.bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }
}
