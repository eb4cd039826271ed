internal import Foundation

/// A certificate authority and a timestamp authority of a test, by the `openssl` of the machine; gone with the owner.
package final class Authority: Sendable {
    package let path: String

    package init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: "authority-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try Data(Self.configuration.utf8).write(to: URL(filePath: file("openssl.cnf")))
        try run(
            "req -x509 -config openssl.cnf -extensions ca -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key "
                + "-out ca.pem -days 3650 -subj /CN=Test-CA")
        try issue("tsa", extensions: "tsa", subject: "/CN=Test-TSA")
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    package func file(_ name: String) -> String { path + "/" + name }

    package func read(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: file(name)))) }

    /// A new key and its certificate.
    package func issue(_ name: String, extensions: String, subject: String, days: Int = 3650) throws {
        try run(
            "req -config openssl.cnf -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout \(name).key "
                + "-out \(name).csr -subj \(subject)")
        try certify(name, extensions: extensions, days: days)
    }

    private func certify(_ name: String, extensions: String, days: Int) throws {
        try run(
            "x509 -req -in \(name).csr -CA ca.pem -CAkey ca.key -CAcreateserial -days \(days) -extfile openssl.cnf "
                + "-extensions \(extensions) -out \(name).pem")
    }

    /// A certificate of a public key whose private half is elsewhere.
    package func certify(publicKey pem: String, as name: String, subject: String) throws {
        try Data(pem.utf8).write(to: URL(filePath: file("\(name).pub")))
        try run(
            "x509 -new -force_pubkey \(name).pub -subj \(subject) -CA ca.pem -CAkey ca.key -CAcreateserial -days 3650 "
                + "-extfile openssl.cnf -extensions leaf -out \(name).pem")
    }

    /// What `openssl ts -reply` answers for a file.
    package func timestamp(_ file: String, digest: String = "sha256") throws -> [UInt8] {
        try run("ts -query -data \(file) -\(digest) -cert -out query.tsq")
        return try answer(try read("query.tsq"))
    }

    /// What it answers to a request.
    package func answer(_ query: [UInt8]) throws -> [UInt8] {
        try Data(query).write(to: URL(filePath: file("query.tsq")))
        try run(
            "ts -reply -config openssl.cnf -section tsa_config -queryfile query.tsq -signer tsa.pem -inkey tsa.key "
                + "-out reply.tsr")
        return try read("reply.tsr")
    }

    /// Runs `openssl` to its end, in the authority's folder.
    @discardableResult
    package func run(_ command: String) throws -> String {
        try runTool(["openssl"] + command.split(separator: " ").map(String.init), in: path)
    }

    private static let configuration = """
        [req]
        distinguished_name = dn
        [dn]
        [ca]
        basicConstraints = critical, CA:TRUE
        keyUsage = critical, keyCertSign
        [tsa]
        extendedKeyUsage = critical, timeStamping
        keyUsage = critical, digitalSignature
        [leaf]
        keyUsage = critical, digitalSignature
        [encipher]
        keyUsage = critical, keyEncipherment
        [tsa_config]
        serial = serial
        default_policy = 1.2.3.4.1
        digests = sha1, sha256, sha512
        signer_digest = sha256
        accuracy = secs:1
        ordering = no
        tsa_name = no
        ess_cert_id_chain = no
        ess_cert_id_alg = sha256

        """
}
