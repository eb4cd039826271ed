import Foundation
import Glibc
import KeyTesting
import Keys
import Linux
import Testing

@testable import Signing

/// Keys that the signer has only a name for.
@Suite("Keys in tokens", .serialized, .enabled(if: TokenTools.areThere && (geteuid() == 0 || TestsMustRun.isSet)))
struct TokenTests {
    private func client(_ reference: String) throws(SigningError) -> SignerClient {
        try SignerClient.spawn(executable: SignerTests.executable, key: KeySource(reference))
    }

    /// Everything about a job, verified by us, and the AIBoM's signature by openssl, which also says no.
    private func check(_ client: SignerClient, hash: String = "-sha256") throws {
        let job = TestJob(client.publicKey)
        let pid = client.processID
        for _ in 0..<3 {
            let signatures = try client.seal(job.request)
            #expect(
                zip(signatures.statements, job.statements).allSatisfy {
                    client.publicKey.verify(signature: $0, over: encoded($1))
                })
            let folder = try Folder()
            try folder.write(Array(client.publicKey.pem.utf8), to: "pub.pem")
            try folder.write(try #require(signatures.bill), to: "sig")
            try folder.write(job.bill, to: "bill")
            try folder.write(job.bill + [0x20], to: "other")
            func verify(_ name: String) throws -> Int32 {
                try OpenSSL.run(
                    "dgst", hash, "-verify", folder.file("pub.pem"), "-signature", folder.file("sig"), folder.file(name)
                ).status
            }
            #expect(try verify("bill") == 0)
            #expect(try verify("other") != 0)
        }
        // None of it was a new process's work.
        #expect(client.processID == pid)
        #expect(throws: SigningError.self) { try client.seal(SealRequest(bill: Array("{}".utf8))) }
    }

    private func reason(_ reference: String) -> String {
        do throws(SigningError) { _ = try client(reference) } catch { return error.description }
        return ""
    }

    @Test("a key in a PKCS#11 token signs what a key in a file does", arguments: [0, 61_007] as [UInt32])
    func pkcs11(owner: UInt32) throws {
        let token = try SoftToken(owner: owner)
        try token.generate("EC:prime256v1", "documents")
        let client = try client(token.reference("documents"))
        try check(client)
        let status = try Proc(pid: try #require(client.processID)).status()
        #expect(status["Uid"] == "\(owner)\t\(owner)\t\(owner)\t\(owner)")
        for set in ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"] { #expect(status[set] == "0000000000000000") }
        #expect(status["Seccomp"] == "2" && status["NoNewPrivs"] == "1" && status["Threads"] == "1")
        // All that there is in its root is the way to the token.
        let root = "/proc/\(try #require(client.processID))/root/"
        let found = try FileManager.default.subpathsOfDirectory(atPath: root).filter { !$0.contains("tokens/") }
        #expect(found.allSatisfy { (token.tokens + "/").hasPrefix("/\($0)/") }, "\(found)")
        #expect(!found.isEmpty)
    }

    @Test("P-384 in a token signs with SHA-384")
    func p384() throws {
        let token = try SoftToken()
        try token.generate("EC:secp384r1", "documents")
        let client = try client(token.reference("documents"))
        #expect(client.publicKey.algorithm == .p384)
        try check(client, hash: "-sha384")
    }

    @Test("a token's wrong PIN, missing key, wrong kind of key and missing library are each said")
    func refusals() throws {
        let token = try SoftToken()
        try token.generate("EC:prime256v1", "documents")
        try token.generate("rsa:2048", "rsa", id: "02")
        try token.write("9999\n", as: "wrong", mode: 0o600)
        try token.write("1234\n", as: "open")
        try token.write("", as: "empty", mode: 0o600)
        #expect(
            reason(token.reference("documents", pin: "wrong")).contains("PIN in \(token.file("wrong")) right?"))
        #expect(reason(token.reference("documents", pin: "open")).contains("chmod 600"))
        #expect(reason(token.reference("documents", pin: "empty")).contains("holds no PIN"))
        #expect(reason(token.reference("documents", pin: "none")).contains("not there"))
        #expect(reason(token.reference("other")).contains("there is no such key"))
        #expect(reason(token.reference("rsa")).contains("of no kind that signs here"))
        let module = token.reference("documents").replacing(SoftToken.module, with: "/usr/lib/softhsm/none.so")
        #expect(reason(module).contains("Unable to load PKCS#11 module"))
        // The right one is still served after all that.
        _ = try client(token.reference("documents"))
    }

    @Test("a token that is gone is refused, and not signed for by something else")
    func gone() throws {
        let token = try SoftToken()
        try token.generate("EC:prime256v1", "documents")
        let client = try client(token.reference("documents"))
        let job = TestJob(client.publicKey)
        _ = try client.seal(job.request)
        try token.unplug()
        let error = #expect(throws: SigningError.self) { try client.seal(job.request) }
        #expect("\(String(describing: error))".contains("token"))
    }

    @Test("a key in a TPM signs what a key in a file does, and a TPM that is gone does not")
    func tpm() throws {
        let tpm = try SoftTPM()
        let client = try client(tpm.reference)
        try check(client)
        let pid = try #require(client.processID)
        #expect(try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/root/").isEmpty)
        #expect(try Proc(pid: pid).status()["Uid"] == "61007\t61007\t61007\t61007")
        tpm.end()
        let error = #expect(throws: SigningError.self) { try client.seal(TestJob(client.publicKey).request) }
        #expect("\(String(describing: error))".contains("the token does not sign"))
    }

    @Test("a TPM's key with an authorization value wants the right one")
    func authorization() throws {
        let tpm = try SoftTPM(authorization: "sesame")
        try tpm.folder.write(Array("sesame".utf8), to: "pin")
        try tpm.folder.write(Array("thistle".utf8), to: "wrong")
        for name in ["pin", "wrong"] { chmod(tpm.folder.file(name), 0o600) }
        try check(client("\(tpm.reference)&pin-source=\(tpm.folder.file("pin"))"))
        #expect(!reason("\(tpm.reference)&pin-source=\(tpm.folder.file("wrong"))").isEmpty)
        #expect(!reason(tpm.reference).isEmpty)
    }

    @Test("a TPM's RSA key is refused, and a handle with no key")
    func kinds() throws {
        let tpm = try SoftTPM(key: "rsa2048:rsassa-sha256")
        #expect(reason(tpm.reference).contains("of no kind that signs here"))
        #expect(reason(tpm.reference.replacing("0x81000001", with: "0x81000009")).contains("there is no such key"))
    }
}

@Suite("References to keys")
struct TokenURITests {
    @Test("say where the key is, and all that its library needs")
    func fields() throws {
        let uri = try TokenURI(
            "pkcs11:token=a%20b;object=c?module-path=/usr/lib/m.so&pin-source=/etc/p%69n&x-env-CONF_2=/a%3Db&x-files=/var/t",
            .pkcs11)
        #expect(uri.address == "pkcs11:token=a%20b;object=c" && uri.module == "/usr/lib/m.so" && uri.pin == "/etc/pin")
        #expect(uri.environment == [.init(name: "CONF_2", value: "/a=b")] && uri.files == "/var/t")
        #expect(try TokenURI("handle:0x81000001", .handle).address == "handle:0x81000001")
        #expect(TokenURI.scheme(of: "/etc/pkcs11:x") == nil && TokenURI.scheme(of: "file:/x") == nil)
    }

    @Test(
        "are refused with anything that is not understood, and with a secret in them",
        arguments: [
            "pkcs11:object=c", "pkcs11:?module-path=/m", "pkcs11:object=c?module-path=m",
            "pkcs11:object=c?module-path=",
            "pkcs11:object=c?module-path=/m&pin-value=1234", "pkcs11:object=c?module-path=/m&module-path=/m",
            "pkcs11:object=c?module-path=/m&x-env-LD_PRELOAD=/x",
            "pkcs11:object=c?module-path=/m&x-env-OPENSSL_CONF=/x",
            "pkcs11:object=c?module-path=/m&x-env-path=/x", "pkcs11:object=c?module-path=/m&x",
            "pkcs11:object=c?module-path=/%zz",
            "pkcs11:object=c?module-path=/%00", "pkcs11:object=c d?module-path=/m", "handle:",
            "handle:0x81?module-path=/m",
            "pkcs11:object=c?module-path=/m&pin-source=|cat",
        ])
    func refused(_ text: String) throws {
        let scheme = try #require(TokenURI.scheme(of: text))
        let error = #expect(throws: SigningError.self) { try TokenURI(text, scheme) }
        guard case .key(_, .reference) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }
}
