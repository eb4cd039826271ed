internal import Foundation
internal import Glibc

/// An emulated TPM (swtpm) with an attestation key and an authority that certified it; gone with its owner.
///
/// It serves one client at a time: what is asked of it with tpm2-tools is asked before a test connects to `socket`, or after.
package final class SoftwareTPM: Sendable {
    /// What the attestation key is made of.
    package enum Kind: String, Sendable, CaseIterable {
        case p256 = "ecc256:ecdsa-sha256:null"
        case rsa = "rsa2048:rsassa-sha256:null"
    }

    package static let handle: UInt32 = 0x8101_0002
    package let folder: String
    private let process: Process

    package var socket: String { file("tpm.sock") }
    package func file(_ name: String) -> String { "\(folder)/\(name)" }
    package func read(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: file(name)))) }

    package init(_ kind: Kind = .p256) throws {
        folder = "/tmp/swtpm-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: "\(folder)/state", withIntermediateDirectories: true)
        process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "swtpm", "socket", "--tpm2", "--tpmstate", "dir=\(folder)/state", "--server",
            "type=unixio,path=\(folder)/tpm.sock", "--ctrl", "type=unixio,path=\(folder)/tpm.sock.ctrl", "--flags",
            "not-need-init,startup-clear",
        ]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        for _ in 0..<500 where !FileManager.default.fileExists(atPath: "\(socket).ctrl") { usleep(20_000) }
        try makeKey("ak", kind, at: Self.handle)
        try run(
            "tpm2_readpublic", "-Q", "-c", "0x\(String(Self.handle, radix: 16))", "-f", "pem", "-o", file("ak.pub.pem"))
        try makeAuthority("ca")
        try certify("ak", by: "ca")
    }

    deinit {
        // Not SIGTERM: threads of Dispatch have it blocked, and what they start inherits that.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// Makes a signing key that never leaves its TPM, with these further attributes, and keeps it at `handle`.
    package func makeKey(
        _ name: String, _ kind: Kind = .p256, _ attributes: String = "restricted|sign", at handle: UInt32
    ) throws {
        try run(
            "tpm2_createprimary", "-Q", "-C", "e", "-g", "sha256", "-G", kind.rawValue, "-a",
            "fixedtpm|fixedparent|sensitivedataorigin|userwithauth|\(attributes)", "-c", file("\(name).ctx"))
        try run("tpm2_evictcontrol", "-Q", "-C", "o", "-c", file("\(name).ctx"), "0x\(String(handle, radix: 16))")
        // Nobody manages this TPM's few places for loaded keys.
        try run("tpm2_flushcontext", "-t")
    }

    /// A key and a certificate of its own: `NAME.key`, `NAME.pem`.
    package func makeAuthority(_ name: String) throws {
        try run(
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj",
            "/CN=authority \(name)", "-days", "30", "-keyout", file("\(name).key"), "-out", file("\(name).pem"),
            "-addext",
            "keyUsage=critical,keyCertSign")
    }

    /// Certifies `KEY.pub.pem` as `CERTIFICATE.crt`, for an attestation key unless told otherwise.
    package func certify(
        _ key: String, by authority: String, as certificate: String? = nil, usage: String = "2.23.133.8.3"
    ) throws {
        try Data(
            """
            basicConstraints=critical,CA:FALSE
            keyUsage=critical,digitalSignature
            subjectKeyIdentifier=hash
            authorityKeyIdentifier=keyid
            extendedKeyUsage=\(usage)
            """.utf8
        ).write(to: URL(filePath: file("extensions")))
        try run(
            "openssl", "x509", "-new", "-force_pubkey", file("\(key).pub.pem"), "-CA", file("\(authority).pem"),
            "-CAkey", file("\(authority).key"), "-subj", "/CN=\(key)", "-days", "10", "-extfile", file("extensions"),
            "-out", file("\(certificate ?? key).crt"))
    }

    /// Runs a program to its end; one of tpm2-tools talks to this TPM.
    @discardableResult
    package func run(_ arguments: String...) throws -> String {
        try runTool(arguments, in: folder, environment: ["TPM2TOOLS_TCTI": "swtpm:path=\(socket)"])
    }
}
