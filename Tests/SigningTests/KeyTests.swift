import Foundation
import Glibc
import Keys
import Signing
import Testing

@Suite("Keys")
struct KeyTests {
    @discardableResult
    private func load(_ path: String) throws(SigningError) -> SigningKey {
        try SigningKey.load(try KeyFile.open(path), path: path)
    }

    @Test("a generated key signs, its public half verifies, and one flipped bit anywhere does not")
    func signAndVerify() throws {
        let key = try SigningKey.generate()
        let message = Array("what was trained".utf8)
        let signature = try key.sign(message)
        #expect(key.publicKey.verify(signature: signature, over: message))
        for bit in 0..<8 * message.count {
            var changed = message
            changed[bit / 8] ^= 1 << (bit % 8)
            #expect(!key.publicKey.verify(signature: signature, over: changed))
        }
        for bit in 0..<8 * signature.count {
            var changed = signature
            changed[bit / 8] ^= 1 << (bit % 8)
            #expect(!key.publicKey.verify(signature: changed, over: message))
        }
        #expect(!key.publicKey.verify(signature: signature + [0], over: message))
        #expect(!key.publicKey.verify(signature: [], over: message))
        #expect(!(try SigningKey.generate()).publicKey.verify(signature: signature, over: message))
    }

    @Test("a key file is written once, for its owner alone, and reads back as the same key")
    func generateFile() throws {
        let folder = try Folder()
        let path = folder.file("key.pem")
        let publicKey = try SigningKey.generate(at: path)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber
        #expect(mode?.intValue == 0o600)
        #expect(try load(path).publicKey == publicKey)
        let before = try folder.read("key.pem")
        #expect(throws: SigningError.key(path: path, .exists)) { try SigningKey.generate(at: path) }
        #expect(try folder.read("key.pem") == before)
    }

    @Test(
        "openssl reads our ECDSA keys and takes our signatures; we take its own", arguments: [KeyAlgorithm.p256, .p384])
    func openssl(_ algorithm: KeyAlgorithm) throws {
        let folder = try Folder()
        let publicKey = try SigningKey.generate(at: folder.file("key.pem"), algorithm)
        #expect(publicKey.algorithm == algorithm)
        let hash = algorithm == .p256 ? "-sha256" : "-sha384"
        try folder.write(Array("message".utf8), to: "m")
        try folder.write(Array(publicKey.pem.utf8), to: "pub.pem")
        try folder.write(try load(folder.file("key.pem")).sign(Array("message".utf8)), to: "ours")
        let verified = try OpenSSL.run(
            "dgst", hash, "-verify", folder.file("pub.pem"), "-signature", folder.file("ours"), folder.file("m"))
        #expect(verified.status == 0, "\(verified.output)")
        // What openssl says is no formality: another hash, or another message, and it says no.
        let other = try OpenSSL.run(
            "dgst", "-sha512", "-verify", folder.file("pub.pem"), "-signature", folder.file("ours"), folder.file("m"))
        #expect(other.status != 0)
        let wrong = try OpenSSL.run(
            "dgst", hash, "-verify", folder.file("pub.pem"), "-signature", folder.file("ours"), folder.file("pub.pem"))
        #expect(wrong.status != 0)

        try OpenSSL.run(
            "dgst", hash, "-sign", folder.file("key.pem"), "-out", folder.file("theirs"), folder.file("m"))
        #expect(publicKey.verify(signature: try folder.read("theirs"), over: Array("message".utf8)))

        try OpenSSL.run("pkey", "-in", folder.file("key.pem"), "-pubout", "-out", folder.file("their.pem"))
        #expect(try folder.read("their.pem") == Array(publicKey.pem.utf8))
        try OpenSSL.run("pkey", "-in", folder.file("key.pem"), "-pubout", "-outform", "DER", "-out", folder.file("der"))
        let digest = try OpenSSL.run("dgst", "-sha256", "-r", folder.file("der"))
        #expect(digest.output.hasPrefix(publicKey.keyID))
        #expect(try PublicKey(pem: folder.read("their.pem")) == publicKey)
        #expect(try PublicKey(der: folder.read("der")) == publicKey)
    }

    @Test("openssl takes our Ed25519 signatures, and we its own")
    func opensslEd25519() throws {
        let folder = try Folder()
        let publicKey = try SigningKey.generate(at: folder.file("key.pem"), .ed25519)
        try folder.write(Array("message".utf8), to: "m")
        try folder.write(Array("massage".utf8), to: "other")
        try folder.write(Array(publicKey.pem.utf8), to: "pub.pem")
        try folder.write(try load(folder.file("key.pem")).sign(Array("message".utf8)), to: "ours")
        func verify(_ message: String) throws -> Int32 {
            try OpenSSL.run(
                "pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", folder.file("pub.pem"), "-sigfile",
                folder.file("ours"), "-in", folder.file(message)
            ).status
        }
        #expect(try verify("m") == 0)
        #expect(try verify("other") != 0)
        try OpenSSL.run(
            "pkeyutl", "-sign", "-rawin", "-inkey", folder.file("key.pem"), "-in", folder.file("m"), "-out",
            folder.file("theirs"))
        #expect(publicKey.verify(signature: try folder.read("theirs"), over: Array("message".utf8)))
        #expect(!publicKey.verify(signature: try folder.read("theirs"), over: Array("massage".utf8)))
    }

    @Test("each role makes and takes the kinds of key that it names", arguments: SignerRole.allCases)
    func roles(_ role: SignerRole) throws {
        #expect(role.algorithms == (role == .documents ? [.p256, .p384, .ed25519] : [.ed25519]))
        for algorithm in KeyAlgorithm.allCases {
            let folder = try Folder()
            let keys = KeyFolder(state: folder.path)
            if role.algorithms.contains(algorithm) {
                #expect(try keys.generate(role, algorithm).algorithm == algorithm)
            } else {
                #expect(throws: SigningError.self) { try keys.generate(role, algorithm) }
            }
        }
        let folder = try Folder()
        #expect(try KeyFolder(state: folder.path).generate(role).algorithm == role.algorithms[0])
    }

    @Test("a file that others could read or replace is refused by name, with the remedy")
    func unsafeFiles() throws {
        let folder = try Folder()
        let path = folder.file("key.pem")
        try SigningKey.generate(at: path)
        _ = try load(path)

        for mode: mode_t in [0o640, 0o604, 0o620, 0o601, 0o666] {
            chmod(path, mode)
            #expect(throws: SigningError.key(path: path, .mode(UInt16(mode)))) { try load(path) }
        }
        #expect(SigningError.key(path: path, .mode(0o644)).description.contains("chmod 600 \(path)"))
        chmod(path, 0o600)

        let link = folder.file("link.pem")
        symlink(path, link)
        #expect(throws: SigningError.key(path: link, .symbolicLink)) { try load(link) }

        let fifo = folder.file("fifo")
        mkfifo(fifo, 0o600)
        #expect(throws: SigningError.key(path: fifo, .notRegular)) { try load(fifo) }
        #expect(throws: SigningError.key(path: folder.path, .notRegular)) { try load(folder.path) }
        #expect(throws: SigningError.key(path: folder.file("none"), .missing)) { try load(folder.file("none")) }
    }

    @Test(
        "a key of another owner is refused", .enabled(if: geteuid() == 0 || TestsMustRun.isSet, "needs root for chown"))
    func owner() throws {
        let folder = try Folder()
        let path = folder.file("key.pem")
        try SigningKey.generate(at: path)
        try #require(chown(path, 12_345, 0) == 0)
        #expect(throws: SigningError.key(path: path, .owner(12_345))) { try load(path) }
    }

    @Test(
        "what is no private key of ours in PEM is refused",
        arguments: [
            (["ecparam", "-name", "secp521r1", "-genkey", "-noout"], SigningError.KeyFault.kind(accepted: all)),
            (["ecparam", "-name", "secp256k1", "-genkey", "-noout"], .kind(accepted: all)),
            (["genpkey", "-algorithm", "ed448"], .kind(accepted: all)),
            (["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"], .kind(accepted: all)),
            (
                ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-aes256", "-pass", "pass:x"],
                .encrypted
            ),
        ])
    func unfitKeys(arguments: [String], fault: SigningError.KeyFault) throws {
        let folder = try Folder()
        let path = folder.file("key.pem")
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments + ["-out", path]
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        chmod(path, 0o600)
        #expect(throws: SigningError.key(path: path, fault)) { try load(path) }
    }

    @Test("junk is no key", arguments: ["", "junk", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
    func junk(_ text: String) throws {
        let folder = try Folder()
        try folder.write(Array(text.utf8), to: "key.pem")
        chmod(folder.file("key.pem"), 0o600)
        #expect(throws: SigningError.key(path: folder.file("key.pem"), .notPEM)) { try load(folder.file("key.pem")) }
        #expect(throws: PublicKeyError.malformed) { try PublicKey(pem: Array(text.utf8)) }
        #expect(throws: PublicKeyError.malformed) { try PublicKey(der: Array(text.utf8)) }
    }
}

private let all = KeyAlgorithm.allCases

/// CI sets AIBOM_TESTS_MUST_RUN=1, so that a test that can't run there fails instead of being skipped.
enum TestsMustRun {
    static var isSet: Bool { ProcessInfo.processInfo.environment["AIBOM_TESTS_MUST_RUN"] == "1" }
}
