import ArgumentParser
import Foundation

/// Where the service is: every command that talks to it takes these.
struct ServiceOptions: ParsableArguments {
    static let defaultSocket = "/run/aibom/aibomd.sock"

    @Option(help: "Unix socket of the supervisor (AIBOM_SOCKET; default: \(defaultSocket)).")
    var socket: String?

    @Option(help: "URL of a gateway, with the token in AIBOM_TOKEN.")
    var url: String?

    func validate() throws {
        if socket != nil, url != nil { throw ValidationError("give --socket or --url, not both") }
        guard let url else { return }
        guard let parts = URLComponents(string: url), ["http", "https"].contains(parts.scheme), parts.host != nil else {
            throw ValidationError("--url takes http://… or https://…")
        }
    }

    var place: ServicePlace {
        let environment = ProcessInfo.processInfo.environment
        if let url {
            return ServicePlace(
                base: url.hasSuffix("/") ? String(url.dropLast()) : url, name: url,
                token: environment["AIBOM_TOKEN"])
        }
        return ServicePlace(socket: socket ?? environment["AIBOM_SOCKET"] ?? ServiceOptions.defaultSocket)
    }
}

/// A service's address as the HTTP client takes it, and as people say it.
struct ServicePlace: Equatable {
    let base: String
    let name: String
    let token: String?

    init(base: String, name: String, token: String?) {
        self.base = base
        self.name = name
        self.token = token
    }

    /// The path of a socket stands where the host stands in other URLs, so every character that a host has not is escaped.
    init(socket: String) {
        let host = socket.utf8.map { byte in
            let character = Character(Unicode.Scalar(byte))
            return character.isASCII && (character.isLetter || character.isNumber)
                ? String(character) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }
        self.init(base: "http+unix://\(host.joined())", name: socket, token: nil)
    }
}
