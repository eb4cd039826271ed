internal import COpenSSL
internal import Glibc
internal import Keys
internal import Linux

/// Loads a key that stays in its token: what OpenSSL gets hold of is a name for it.
///
/// Whatever the token's library needs is opened here, before the lockdown: the library, its configuration, its connection.
enum TokenKey {
    /// To sign where the key is: OpenSSL would rather take the public half to its own provider, and then miss the private one.
    static let properties = "?provider=tpm2"

    /// - Parameters:
    ///   - uri: of the key.
    ///   - pin: the open file that holds the PIN; read when the URI says that there is one.
    ///   - accepted: the kinds of key that it may be.
    /// - Throws: `SigningError.key` with OpenSSL's and the library's own words.
    /// - Returns: the key, by name.
    static func load(
        _ uri: TokenURI, pin: borrowing OwnedDescriptor, _ accepted: [KeyAlgorithm]
    ) throws(SigningError) -> SigningKey {
        for variable in uri.environment { setenv(variable.name, variable.value, 1) }
        let secret = PIN()
        if let path = uri.pin { try secret.read(pin, path: path) }
        guard let asking = UI_UTIL_wrap_read_pem_callback(answer, 0) else {
            throw .openssl(stage: "no memory to load a key")
        }
        defer { UI_destroy_method(asking) }
        ERR_clear_error()
        let data = Unmanaged.passUnretained(secret).toOpaque()
        let key =
            switch uri.scheme {
            case .pkcs11: try pkcs11(uri, asking, data)
            case .handle: try tpm(uri, asking, data)
            }
        guard let key else { throw .key(path: uri.text, .token(reasons(secret, uri))) }
        ERR_clear_error()
        guard let algorithm = KeyAlgorithm(of: key), accepted.contains(algorithm) else {
            EVP_PKEY_free(key)
            throw .key(path: uri.text, .kind(accepted: accepted))
        }
        return try SigningKey(owning: key, inToken: true)
    }

    private static func pkcs11(
        _ uri: TokenURI, _ asking: OpaquePointer, _ data: UnsafeMutableRawPointer
    ) throws(SigningError) -> OpaquePointer? {
        guard let engine = copenssl_pkcs11(uri.module ?? "") else {
            throw .key(
                path: uri.text,
                .token("the engine (libengine-pkcs11-openssl) or the module can't be loaded: \(errorQueue())"))
        }
        // Never freed: the key uses it until the process ends.
        return copenssl_pkcs11_key(engine, uri.address, asking, data)
    }

    private static func tpm(
        _ uri: TokenURI, _ asking: OpaquePointer, _ data: UnsafeMutableRawPointer
    ) throws(SigningError) -> OpaquePointer? {
        // A provider that is loaded by hand keeps OpenSSL from loading its own; ours hashes and verifies.
        guard OSSL_PROVIDER_load(nil, "default") != nil, OSSL_PROVIDER_load(nil, "tpm2") != nil else {
            throw .key(
                path: uri.text, .token("the provider (tpm2-openssl) or the TPM can't be opened: \(errorQueue())"))
        }
        EVP_set_default_properties(nil, "?provider=default")
        // The provider asks for no authorization value unless it is told that there is one.
        let address = uri.pin == nil ? uri.address : "\(uri.address)?pass"
        guard let store = OSSL_STORE_open_ex(address, nil, properties, asking, data, nil, nil, nil) else {
            return nil
        }
        defer { OSSL_STORE_close(store) }
        while OSSL_STORE_eof(store) == 0 {
            guard let found = OSSL_STORE_load(store) else { break }
            defer { OSSL_STORE_INFO_free(found) }
            if let key = OSSL_STORE_INFO_get1_PKEY(found) { return key }
        }
        return nil
    }

    private static func reasons(_ secret: PIN, _ uri: TokenURI) -> String {
        let words = errorQueue()
        let pin =
            secret.wasAsked
            ? uri.pin == nil
                ? "it asks for a PIN, and there is no pin-source; " : "is the PIN in \(uri.pin ?? "") right? " : ""
        return "there is no such key, or it can't be used: \(pin)\(words.isEmpty ? "no reason given" : words)"
    }
}

/// What OpenSSL and those below it have to say, in their order.
func errorQueue() -> String {
    var words: [String] = []
    while words.count < 8 {
        let code = ERR_get_error()
        guard code != 0 else { break }
        var text = [CChar](repeating: 0, count: 256)
        ERR_error_string_n(code, &text, text.count)
        words.append(String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }
    ERR_clear_error()
    return words.joined(separator: "; ")
}

/// A PIN in memory that is cleansed; answered once, as a token counts wrong ones and locks itself.
private final class PIN {
    private let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: 256, alignment: 16)
    private var count = 0
    private(set) var wasAsked = false

    deinit {
        OPENSSL_cleanse(bytes.baseAddress, bytes.count)
        bytes.deallocate()
    }

    /// The first line of a file that belongs to root or to us, and to nobody else.
    func read(_ file: borrowing OwnedDescriptor, path: String) throws(SigningError) {
        try KeyFile.inspect(file, path: path)
        lseek(file.raw, 0, SEEK_SET)
        let got = try system { () throws(LinuxError) in try file.read(into: bytes) }
        let line = UnsafeRawBufferPointer(rebasing: bytes[..<got]).prefix { $0 != 0x0a }
        guard !line.isEmpty, got < bytes.count else { throw .key(path: path, .pin) }
        count = line.count
    }

    func answer(_ buffer: UnsafeMutablePointer<CChar>, _ size: Int32) -> Int32 {
        defer { wasAsked = true }
        guard !wasAsked, count > 0, count < Int(size), let start = bytes.baseAddress else { return -1 }
        memcpy(buffer, start, count)
        buffer[count] = 0
        return Int32(count)
    }
}

/// pem_password_cb(3).
private let answer: @convention(c) (UnsafeMutablePointer<CChar>?, Int32, Int32, UnsafeMutableRawPointer?) -> Int32 = {
    buffer, size, _, data in
    guard let buffer, let data else { return -1 }
    return Unmanaged<PIN>.fromOpaque(data).takeUnretainedValue().answer(buffer, size)
}
