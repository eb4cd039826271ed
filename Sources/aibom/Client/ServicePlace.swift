import ArgumentParser
import Foundation
import Glibc

/// A service's address as the HTTP client takes it, as people say it, and what is needed to be let in.
struct ServicePlace: Equatable {
    let base: String
    let name: String
    /// Sent with every request, shown nowhere.
    let token: String?
    /// A file of certificate authorities that are trusted instead of the system's.
    let authority: String?

    var isSocket: Bool { base.hasPrefix("http+unix:") }

    private init(base: String, name: String, token: String? = nil, authority: String? = nil) {
        self.base = base
        self.name = name
        self.token = token
        self.authority = authority
    }

    /// The path of a socket stands where the host stands in other URLs, so every character that a host has not is escaped.
    init(socket: String) {
        let host = socket.utf8.map { byte in
            let character = Character(Unicode.Scalar(byte))
            return character.isASCII && (character.isLetter || character.isNumber)
                ? String(character) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }
        self.init(base: "http+unix://\(host.joined())", name: socket)
    }

    /// - Parameters:
    ///   - url: of a gateway.
    ///   - token: of its caller, from the environment: a command line can be read by every user of the machine.
    ///   - authority: a file; the system's are trusted without one.
    ///   - insecure: plain HTTP to other machines is wanted.
    /// - Throws: `ValidationError` for what is no such address, or would tell the token to whoever listens on the way.
    init(url: String, token: String?, authority: String?, insecure: Bool) throws {
        guard let parts = URLComponents(string: url), let scheme = parts.scheme?.lowercased(),
            ["http", "https"].contains(scheme), let host = parts.host, !host.isEmpty
        else { throw ValidationError("the service's URL has to be of the form https://HOST[:PORT]") }
        guard parts.user == nil, parts.password == nil, parts.query == nil, parts.fragment == nil else {
            throw ValidationError("the service's URL has to be an address alone; the token is read from AIBOM_TOKEN")
        }
        guard scheme == "https" || insecure || ServicePlace.isLoopback(host) else {
            throw ValidationError(
                "http://\(host) would show the token and all data to whoever listens on the way: use https, "
                    + "or --insecure-http if the way is safe")
        }
        guard authority == nil || scheme == "https" else { throw ValidationError("--ca is for https URLs") }
        guard token.map(ServicePlace.isToken) ?? true else {
            throw ValidationError(
                "AIBOM_TOKEN has characters that no token has; copy it again, without quotes and spaces")
        }
        let base = url.hasSuffix("/") ? String(url.dropLast()) : url
        self.init(base: base, name: base, token: token, authority: authority)
    }

    /// This machine itself: nobody is on the way.
    static func isLoopback(_ host: String) -> Bool {
        let host = host.trimmingCharacters(in: ["[", "]"]).lowercased()
        if host == "localhost" { return true }
        var four = in_addr()
        if inet_pton(AF_INET, host, &four) == 1 { return UInt32(bigEndian: four.s_addr) >> 24 == 127 }
        var six = in6_addr()
        guard inet_pton(AF_INET6, host, &six) == 1 else { return false }
        return withUnsafeBytes(of: six) { $0.dropLast().allSatisfy { $0 == 0 } && $0.last == 1 }
    }

    /// RFC 6750's form, which ours and JSON web tokens have.
    private static func isToken(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "-._~+/=".utf8.contains(byte)
                }
            }
    }
}
