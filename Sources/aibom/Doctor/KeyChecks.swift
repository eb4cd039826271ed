import CLinux
import Keys
import Linux
import Settings
import Signing

/// The key that documents are signed with.
struct KeyChecks {
    private let settings: Settings

    init(_ settings: Settings) { self.settings = settings }

    var lines: [DoctorLine] {
        let place = KeyFolder(state: settings.state)
        let path = settings.key ?? place.privateKey
        guard OwnProcess.effectiveUser == 0 else {
            return [DoctorLine("key", .warning, "only root can look at \(path)", remedy: "ask as root")]
        }
        if KeySource.isToken(path) { return [Self.token(path)] }
        guard OwnedDescriptor.exists(path) else { return [missing(path)] }
        do throws(SigningError) {
            let file = try KeyFile.open(path)
            let id = try SigningKey.load(file, path: path).publicKey.keyID
            let fine = DoctorLine("key", .ok, "\(path), key id \(id)")
            return settings.key == nil ? [fine] + Self.publicHalf(at: place.publicKey, of: id, path) : [fine]
        } catch {
            return [
                DoctorLine(
                    "key", .broken, error.description, remedy: "until then nothing can be signed, so no job is run")
            ]
        }
    }

    /// What can be seen without opening the token, which counts wrong PINs.
    private static func token(_ reference: String) -> DoctorLine {
        do throws(SigningError) {
            _ = try KeySource(reference)
            return DoctorLine("key", .ok, "in a token; the start says its key id: \(reference)")
        } catch {
            return DoctorLine(
                "key", .broken, error.description, remedy: "until then nothing can be signed, so no job is run")
        }
    }

    /// A state folder that has been used does not get a new key unasked; one that has not does.
    private func missing(_ path: String) -> DoctorLine {
        guard settings.key == nil, !OwnedDescriptor.exists("\(settings.state)/jobs.sqlite") else {
            return DoctorLine(
                "key", .broken, "there is no \(path)",
                remedy:
                    "restore it from the backup; or, to sign as somebody new: aibom keys generate --state \(settings.state)"
            )
        }
        return DoctorLine("key", .ok, "not made yet; the first start makes \(path)")
    }

    private static func publicHalf(at path: String, of id: String, _ key: String) -> [DoctorLine] {
        let remedy = "derive it again: openssl pkey -in \(key) -pubout -out \(path)"
        guard let bytes = try? OwnedDescriptor.open(path, flags: O_RDONLY).readAll(limit: 64 << 10) else {
            return [DoctorLine("public key", .warning, "there is no \(path)", remedy: remedy)]
        }
        guard let found = try? PublicKey(pem: bytes), found.keyID == id else {
            return [DoctorLine("public key", .broken, "\(path) is not the private key's other half", remedy: remedy)]
        }
        return []
    }
}
