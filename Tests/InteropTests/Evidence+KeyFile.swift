import EvidenceTesting
import Foundation
import Keys

extension Evidence {
    /// With the public key in a file outside the folder, as a verifier has it.
    func withKeyFile<Result>(_ body: (String) async throws -> Result) async throws -> Result {
        let file = FileManager.default.temporaryDirectory.appending(path: "key-\(UUID().uuidString).pem")
        defer { try? FileManager.default.removeItem(at: file) }
        try publicKey.pem.write(to: file, atomically: true, encoding: .utf8)
        return try await body(file.path)
    }
}
