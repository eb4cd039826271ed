internal import NIOSSL

/// Certificate and key from PEM files, read once, while files can still be read.
enum TLSFiles {
    private static let maximumBytes = 1 << 20

    static func context(_ configuration: GatewayConfiguration) throws(StartError) -> NIOSSLContext? {
        switch (configuration.tlsCertificate, configuration.tlsKey) {
        case (nil, nil): return nil
        case (let certificate?, let key?): return try context(certificate, key)
        default: throw .refused("TLS needs a certificate and its key", remedy: "name both files")
        }
    }

    private static func context(_ certificate: String, _ key: String) throws(StartError) -> NIOSSLContext {
        let chain = try StartFile.read(certificate, limit: maximumBytes)
        let secret = try StartFile.read(key, limit: maximumBytes)
        do {
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: try NIOSSLCertificate.fromPEMBytes(chain).map { .certificate($0) },
                privateKey: .privateKey(try NIOSSLPrivateKey(bytes: secret, format: .pem)))
            configuration.minimumTLSVersion = .tlsv12
            configuration.applicationProtocols = ["http/1.1"]
            return try NIOSSLContext(configuration: configuration)
        } catch {
            // The library's error names no file and may hold text of one: our own words are enough.
            throw .refused(
                "\(certificate) and \(key) are not a certificate chain and its key",
                remedy: "write both as PEM, the key without a passphrase, the server's certificate first")
        }
    }
}
