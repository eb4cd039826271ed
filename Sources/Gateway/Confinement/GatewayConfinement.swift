internal import Glibc
internal import Measure
internal import Policy
internal import Sandbox

/// What the gateway gives up before it has a thread or a connection.
///
/// Against whom: somebody who has taken this process over by what it parses (TLS, HTTP, forms, evidence). What is left to them is
/// what passes through it: the tokens and files of users who come while it lasts, and what the supervisor grants its uid. There is
/// no file, no network out, no other process, no program to execute.
package struct GatewayConfinement: Sendable {
    /// Where the supervisor's folder is afterwards.
    private static let place = "supervisor"

    private let confinement: ServiceConfinement
    /// The uid and gid that it runs as.
    package let user: UInt32

    /// What it does, one line a step.
    package var lines: [String] { confinement.lines }
    /// Hex SHA-256 of the policy that it is held to.
    package var policyDigest: String { confinement.digest }
    /// The most files that can be open.
    package var openFiles: UInt64 { confinement.openFiles }

    /// - Parameter user: uid and gid to become; nil is the user `aibom-gateway`, or 65532 where there is none.
    /// - Throws: `StartError` when this kernel can't hold it.
    package init(as user: UInt32?) throws(StartError) {
        do {
            self.user = try user ?? GatewayConfinement.standardUser()
            let policy = try ServicePolicy(parsing: PackageResources.gateway_json)
            confinement = try ServiceConfinement(policy, as: self.user)
        } catch {
            throw .refused("the gateway can't be confined: \(error)", remedy: "aibom doctor says more")
        }
    }

    /// Enters, for good; to be called while this process has one thread.
    ///
    /// - Parameters:
    ///   - socket: the supervisor's; the folder that it lies in stays reachable, so that a supervisor that starts again is found.
    ///   - kept: descriptors that stay, each 10 or above.
    /// - Returns: the socket's path from now on.
    /// - Throws: `StartError` naming stage and errno; the process must end then.
    package func enter(supervisor socket: String, keeping kept: [Int32]) throws(StartError) -> String {
        guard let slash = socket.lastIndex(of: "/"), slash > socket.startIndex else {
            throw .refused("\(socket) is not the path of a socket in a folder", remedy: "name an absolute path")
        }
        warmUp()
        do throws(SandboxError) {
            try confinement.enter(keeping: String(socket[..<slash]), as: GatewayConfinement.place, kept)
        } catch {
            throw .refused(
                "\(error)", remedy: "start it as root, with the supervisor's folder there; aibom doctor says more")
        }
        return "/\(GatewayConfinement.place)/\(socket[socket.index(after: slash)...])"
    }

    /// Has libraries open now what they would look for later: the time zone of the log's times, OpenSSL's settings.
    private func warmUp() {
        _ = Digest.of([])
        setenv("TZ", "UTC", 1)
        tzset()
    }

    private static func standardUser() throws -> UInt32 { try LocalAccount.user(named: "aibom-gateway") ?? 65532 }
}
