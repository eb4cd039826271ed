import Foundation
import Glibc
import KeyTesting
import Keys
import Testing

@testable import Signing

@Suite("A chain of certificates")
struct CertificateChainTests {
    /// An authority, one between, and a certificate of the signing key, all made by openssl.
    private final class Authority {
        let folder: Folder
        let key: PublicKey

        init() throws {
            folder = try Folder()
            key = try SigningKey.generate(at: folder.file("leaf.key"))
            try make("root", by: nil, "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign")
            try make(
                "between", by: "root", "basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign")
            try make("leaf", by: "between", "basicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature")
        }

        /// `NAME.pem`, for `NAME.key`, which is made when it is not there.
        func make(_ name: String, by issuer: String?, _ extensions: String, key: String? = nil, days: Int = 30) throws {
            let file = folder.file("\(key ?? name).key")
            if !FileManager.default.fileExists(atPath: file) { try SigningKey.generate(at: file) }
            try folder.write(
                Array((extensions + "\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n").utf8), to: "ext")
            try run("req", "-new", "-key", file, "-subj", "/CN=\(name)", "-out", folder.file("csr"))
            let signing =
                issuer.map { ["-CA", folder.file("\($0).pem"), "-CAkey", folder.file("\($0).key"), "-CAcreateserial"] }
                ?? ["-signkey", file]
            try run(
                [
                    "x509", "-req", "-in", folder.file("csr"), "-days", "\(days)", "-extfile", folder.file("ext"),
                    "-out",
                    folder.file("\(name).pem"),
                ] + signing)
        }

        private func run(_ arguments: String...) throws { try run(arguments) }

        private func run(_ arguments: [String]) throws {
            try runTool(["openssl"] + arguments, in: folder.path)
        }

        func pem(_ names: String...) throws -> [UInt8] { try names.flatMap { try folder.read("\($0).pem") } }

        func chain(_ pem: [UInt8], at time: Int64 = CertificateChainTests.now) throws(SigningError) -> CertificateChain
        {
            try CertificateChain(pem: pem, path: "chain.pem", of: key, at: time)
        }

        func fault(_ pem: [UInt8], at time: Int64 = CertificateChainTests.now) -> SigningError.ChainFault? {
            do throws(SigningError) { _ = try chain(pem, at: time) } catch {
                if case .chain(_, let fault) = error { return fault }
            }
            return nil
        }
    }

    /// A minute on: certificates are made in the second that it is.
    private static let now = Int64(time(nil)) + 60

    @Test("is read, in its order, with or without the authority's own, and published without what stood around it")
    func read() throws {
        let authority = try Authority()
        let whole = try authority.chain(authority.pem("leaf", "between", "root"))
        #expect(whole.certificates.count == 3)
        #expect(whole.pem == (try authority.pem("leaf", "between", "root")))
        #expect(try authority.chain(authority.pem("leaf", "between")).certificates.count == 2)
        #expect(try authority.chain(authority.pem("leaf")).certificates.count == 1)
        let commented = Array("subject: me\n".utf8) + (try authority.pem("leaf", "between"))
        #expect(try authority.chain(commented).pem == authority.pem("leaf", "between"))
        try authority.folder.write(whole.pem, to: "chain")
        #expect(try CertificateChain(path: authority.folder.file("chain"), of: authority.key, at: Self.now) == whole)
    }

    @Test("is refused with another key's first, in another order, with a gap, and when it is no chain")
    func order() throws {
        let authority = try Authority()
        #expect(authority.fault([]) == SigningError.ChainFault.none)
        #expect(authority.fault(try authority.pem("between", "leaf")) == .otherKey(authority.key.keyID))
        #expect(authority.fault(try authority.pem("leaf", "root")) == .order(1))
        #expect(authority.fault(try authority.pem("leaf", "between", "between")) == .order(2))
        let leaf = try authority.pem("leaf")
        let broken = try changed(leaf, "-----BEGIN CERTIFICATE-----\nMI", "-----BEGIN CERTIFICATE-----\nAA")
        #expect(authority.fault(broken) == .unreadable(1))
        #expect(authority.fault((0..<11).flatMap { _ in leaf }) == .tooLong(11))
    }

    @Test("is refused before and after its dates, with a signature of somebody else's, and by who may not sign")
    func verification() throws {
        let authority = try Authority()
        let pem = try authority.pem("leaf", "between", "root")
        for (time, words) in [(Self.now - 86_400, "not yet valid"), (Self.now + 40 * 86_400, "expired")] {
            guard case .invalid(_, let reason) = authority.fault(pem, at: time) else {
                Issue.record("\(String(describing: authority.fault(pem, at: time)))")
                return
            }
            #expect(reason.contains(words))
        }
        // Another key under the same name, as somebody would make it who has not the authority's.
        try authority.make("other", by: nil, "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign")
        try FileManager.default.removeItem(atPath: authority.folder.file("between.key"))
        try authority.make("between", by: "other", "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign")
        guard case .invalid = authority.fault(try authority.pem("leaf", "between", "other")) else {
            Issue.record("a signature of another key's was taken")
            return
        }
        // One that is no authority.
        try authority.make(
            "plain", by: "root", "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature")
        try authority.make(
            "leaf", by: "plain", "basicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature")
        guard case .invalid = authority.fault(try authority.pem("leaf", "plain", "root")) else {
            Issue.record("a certificate of somebody who is no authority was taken")
            return
        }
    }

    @Test("is refused when its first is not for signatures")
    func usage() throws {
        let authority = try Authority()
        try authority.make("leaf", by: "between", "basicConstraints=CA:FALSE\nkeyUsage=critical,keyAgreement")
        #expect(authority.fault(try authority.pem("leaf", "between")) == .usage)
    }
}
