import API
import JSON
import Linux
import Operations
import Settings
import Supervisor
import SystemPackage

/// The supervisor as its users meet it.
struct ServiceChecks {
    private let socket: String
    /// Seconds for one answer.
    private static let patience = 5

    init(_ settings: Settings) { socket = settings.socket }

    var lines: [DoctorLine] {
        let start = "start it: systemctl start aibomd, or: aibomd"
        guard OwnedDescriptor.exists(socket) else {
            return [DoctorLine("service", .warning, "nothing is at \(socket): aibomd does not run", remedy: start)]
        }
        do throws(LinuxError) {
            guard let answer = try LocalRequest.get("/readyz", at: socket, within: Self.patience) else {
                return [
                    DoctorLine(
                        "service", .broken, "what listens at \(socket) does not speak HTTP",
                        remedy: "find out what it is, and give aibomd a socket of its own by the setting socket")
                ]
            }
            return [readiness(answer)] + (answer.status == 200 || answer.status == 503 ? [version] : [])
        } catch {
            switch error.errno {
            case .connectionRefused:
                return [DoctorLine("service", .warning, "\(socket) is there and nobody listens", remedy: start)]
            case .permissionDenied:
                return [
                    DoctorLine(
                        "service", .warning, "this user may not connect to \(socket)",
                        remedy: "ask as root, or have the operator admit this user")
                ]
            case .resourceTemporarilyUnavailable:
                return [
                    DoctorLine(
                        "service", .broken, "\(socket) takes connections and does not answer within \(Self.patience) s",
                        remedy: "look into its log; restart it: no accepted job is lost")
                ]
            default: return [DoctorLine("service", .broken, "\(error)", remedy: "look into aibomd's log")]
            }
        }
    }

    private func readiness(_ answer: LocalRequest.Answer) -> DoctorLine {
        switch answer.status {
        case 200: return DoctorLine("service", .ok, "answers at \(socket)")
        case 403:
            return DoctorLine(
                "service", .warning, "it answers, but not this user",
                remedy: "ask as root, or have the operator admit this user")
        default:
            let detail = answer.json?["detail"]?.stringValue ?? "it answers with status \(answer.status)"
            return DoctorLine(
                "service", .broken, "answers at \(socket), and can't run jobs: \(detail)",
                remedy: answer.json?["remedy"]?.stringValue ?? "look into aibomd's log")
        }
    }

    private var version: DoctorLine {
        let answer = try? LocalRequest.get("/v1/status", at: socket, within: Self.patience)
        let found = answer?.json?["version"]?.stringValue
        guard found == Version.current else {
            return DoctorLine(
                "version", .warning, "aibom is \(Version.current), the service \(found ?? "does not say what it is")",
                remedy: "restart aibomd after an upgrade, and use the aibom that came with it")
        }
        return DoctorLine("version", .ok, "aibom and the service are \(Version.current)")
    }
}
