package import Foundation
internal import Glibc

/// A PKCS#11 token of SoftHSM's, which keeps it in files, in a folder of its own; gone with its owner.
package final class SoftToken: Sendable {
    package static let module = "/usr/lib/softhsm/libsofthsm2.so"
    package let folder: String
    private let owner: UInt32

    /// A token whose files are `owner`'s; a signer that is started by root becomes this user.
    package init(owner: UInt32 = 0) throws {
        folder = "/tmp/softhsm-\(UUID().uuidString)"
        self.owner = owner
        try FileManager.default.createDirectory(atPath: tokens, withIntermediateDirectories: true)
        try write("directories.tokendir = \(tokens)\nobjectstore.backend = file\nlog.level = ERROR\n", as: "conf")
        try write("1234\n", as: "pin", mode: 0o600)
        try run("softhsm2-util", "--init-token", "--free", "--label", "aibom", "--pin", "1234", "--so-pin", "5678")
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    package func file(_ name: String) -> String { "\(folder)/\(name)" }

    /// The one folder that the library uses.
    package var tokens: String { file("tokens") }

    package func write(_ text: String, as name: String, mode: mode_t = 0o644) throws {
        try Data(text.utf8).write(to: URL(filePath: file(name)))
        chmod(file(name), mode)
    }

    /// Makes a key pair of a kind as pkcs11-tool names it.
    package func generate(_ kind: String, _ label: String, id: String = "01") throws {
        try run(
            "pkcs11-tool", "--module", Self.module, "--login", "--pin", "1234", "--token-label", "aibom",
            "--keypairgen", "--key-type", kind, "--label", label, "--id", id)
        try run("chown", "-R", "\(owner):\(owner)", tokens)
    }

    /// Takes what the token holds out of its place.
    package func unplug() throws {
        try move(from: tokens, to: file("unplugged"))
    }

    /// Puts it back.
    package func plug() throws { try move(from: file("unplugged"), to: tokens) }

    /// The folder itself stays: the signer holds on to it.
    private func move(from source: String, to target: String) throws {
        try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: true)
        for name in try FileManager.default.contentsOfDirectory(atPath: source) {
            try FileManager.default.moveItem(atPath: "\(source)/\(name)", toPath: "\(target)/\(name)")
        }
    }

    /// How a signer is told of a key.
    package func reference(_ label: String, pin: String = "pin") -> String {
        "pkcs11:token=aibom;object=\(label)?module-path=\(Self.module)&pin-source=\(file(pin))"
            + "&x-env-SOFTHSM2_CONF=\(file("conf"))&x-files=\(tokens)"
    }

    private func run(_ arguments: String...) throws {
        try runTool(arguments, in: folder, environment: ["SOFTHSM2_CONF": file("conf")])
    }
}
