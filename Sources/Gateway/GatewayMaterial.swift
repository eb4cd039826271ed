package import Linux
internal import NIOSSL
internal import SystemPackage

/// All that the gateway takes from the host, got before it confines itself: its socket, its certificate, keys to check tokens with.
package struct GatewayMaterial: ~Copyable {
    let tls: NIOSSLContext?
    /// A JWK set as it was read.
    let keySet: [UInt8]?
    /// Where the supervisor's socket is for this process.
    package var supervisor: String
    private let socket: OwnedDescriptor

    /// - Parameters:
    ///   - configuration: says where all of it is.
    ///   - passed: a listening socket that whoever started us made; nil makes one.
    /// - Returns: what a server needs.
    /// - Throws: `StartError` with what to do.
    package static func gather(
        _ configuration: GatewayConfiguration, passed: consuming OwnedDescriptor?
    ) throws(StartError) -> GatewayMaterial {
        let tls = try TLSFiles.context(configuration)
        guard tls != nil || configuration.plaintext || configuration.listen.isLoopback else {
            throw .refused(
                "\(configuration.listen) is open to others and TLS is not set",
                remedy: "name a certificate and its key, or allow plaintext where something in front does TLS")
        }
        var keySet: [UInt8]?
        if case .file(let path) = configuration.oidc?.keys {
            keySet = try StartFile.read(path, limit: ProviderKeys.maximumBytes)
        }
        return GatewayMaterial(
            tls: tls, keySet: keySet, supervisor: configuration.supervisor,
            socket: try ListeningSocket.take(passed, or: configuration.listen))
    }

    /// The port that users come in by.
    package var port: UInt16 { ListeningSocket.port(of: socket.raw) }

    /// What must stay open.
    package var descriptors: [Int32] { [socket.raw] }

    consuming func takeSocket() -> CInt { socket.release() }
}

/// Files that are read before there is no way to any.
enum StartFile {
    static func read(_ path: String, limit: Int) throws(StartError) -> [UInt8] {
        do throws(LinuxError) {
            return try OwnedDescriptor.open(path, flags: FileDescriptor.AccessMode.readOnly.rawValue, stage: "read")
                .readAll(limit: limit)
        } catch {
            throw .system(error, remedy: "name a file that this user can read")
        }
    }
}

/// Why the gateway does not start.
package enum StartError: Error, CustomStringConvertible, Equatable {
    case refused(String, remedy: String)
    case system(LinuxError, remedy: String)

    package var description: String {
        switch self {
        case .refused(let what, let remedy): "\(what); \(remedy)"
        case .system(let error, let remedy): "\(error); \(remedy)"
        }
    }
}
