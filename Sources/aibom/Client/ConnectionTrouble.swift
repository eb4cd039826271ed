import AsyncHTTPClient
import Glibc
import NIOCore
import NIOPosix
import NIOSSL

/// Why nobody answers, in words, and what to do about it.
struct ConnectionTrouble: Equatable {
    let detail: String
    let remedy: String

    init(_ detail: String, at place: ServicePlace) {
        self.detail = detail
        remedy = ConnectionTrouble.remedy(place)
    }

    init(_ error: any Error, at place: ServicePlace) {
        if let error = error as? IOError {
            self.init(errno: error.errnoCode, at: place)
        } else if let error = error as? NIOConnectionError {
            self.init(error, at: place)
        } else if let error = error as? HTTPClientError {
            self.init(error, at: place)
        } else if error is NIOSSLError || error is NIOSSLExtraError {
            self.init(security: error)
        } else {
            self.init("\(error)", at: place)
        }
    }

    private init(errno code: Int32, at place: ServicePlace) {
        detail = String(cString: strerror(code)).lowercased()
        switch code {
        case EACCES, EPERM: remedy = "run as root, or have the operator list your user id"
        default: remedy = ConnectionTrouble.remedy(place)
        }
    }

    private init(_ error: NIOConnectionError, at place: ServicePlace) {
        if let first = error.connectionErrors.first {
            self.init(first.error, at: place)
        } else {
            self.init("no address is known for \(error.host)", at: place)
        }
    }

    private init(_ error: HTTPClientError, at place: ServicePlace) {
        switch error {
        case .connectTimeout: detail = "nothing answered within the time that connecting may take"
        case .remoteConnectionClosed: detail = "the connection was closed before the answer came"
        default: detail = "\(error)"
        }
        remedy = ConnectionTrouble.remedy(place)
    }

    /// OpenSSL's reasons come as text only.
    private init(security error: any Error) {
        let text = "\(error)"
        if text.contains("CERTIFICATE_VERIFY_FAILED") {
            detail = "its certificate is not signed by an authority that is trusted here"
            remedy = "name the file of its authority with --ca"
        } else if text.contains("failedToValidateHostname") {
            detail = "its certificate is for another host"
            remedy = "use the host name that the certificate is for"
        } else if text.contains("WRONG_VERSION_NUMBER") || text.contains("HTTP_REQUEST") {
            detail = "what answers there does not speak TLS"
            remedy = "check the port; a gateway without TLS is asked by http://"
        } else {
            detail = text
            remedy = "check that the address is that of a gateway with TLS"
        }
    }

    private static func remedy(_ place: ServicePlace) -> String {
        place.isSocket
            ? "start aibomd, or say where it listens with --socket or AIBOM_SOCKET"
            : "check the address, and that aibom-gateway runs there"
    }
}
