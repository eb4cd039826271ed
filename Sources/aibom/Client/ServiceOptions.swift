import ArgumentParser
import Foundation

/// Where the service is: every command that talks to it takes these.
struct ServiceOptions: ParsableArguments {
    static let defaultSocket = "/run/aibom/aibomd.sock"

    @Option(
        help: "Unix socket of the supervisor (AIBOM_SOCKET; default: \(defaultSocket)).", completion: .file())
    var socket: String?

    @Option(help: "URL of a gateway (AIBOM_URL), with the token in AIBOM_TOKEN.")
    var url: String?

    @Option(
        help: "File of certificate authorities to trust instead of the system's (AIBOM_CA).",
        completion: .file(extensions: ["pem", "crt"]))
    var ca: String?

    @Flag(name: .customLong("insecure-http"), help: "Allow plain http:// to another machine.")
    var isInsecure = false

    func validate() throws { _ = try place() }

    /// What the flags say, else what the environment says, else the usual socket.
    func place(_ environment: [String: String] = ProcessInfo.processInfo.environment) throws -> ServicePlace {
        func variable(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        let isSaid = socket != nil || url != nil
        let (path, address) = isSaid ? (socket, url) : (variable("AIBOM_SOCKET"), variable("AIBOM_URL"))
        guard path == nil || address == nil else {
            throw ValidationError(
                isSaid ? "give --socket or --url, not both" : "AIBOM_SOCKET and AIBOM_URL are both set: unset one")
        }
        guard let address else {
            guard ca == nil, !isInsecure else { throw ValidationError("--ca and --insecure-http are for --url") }
            return ServicePlace(socket: path ?? ServiceOptions.defaultSocket)
        }
        return try ServicePlace(
            url: address, token: variable("AIBOM_TOKEN"), authority: ca ?? variable("AIBOM_CA"), insecure: isInsecure)
    }
}
