/// Where a key is that no file holds, in the way the settings write it.
///
/// `pkcs11:token=aibom;object=documents?module-path=/usr/lib/softhsm/libsofthsm2.so&pin-source=/etc/aibom/pin` (RFC 7512), or
/// `handle:0x81000001`, a persistent key of a TPM 2, with the same query. Three attributes of the query are ours, and begin with
/// `x-` as the RFC has it: see `Attributes`. No secret is in it: it is an argument of the signer, which everybody may read.
package struct TokenURI: Sendable, Equatable {
    package enum Scheme: String, Sendable, CaseIterable { case pkcs11, handle }

    package let text: String
    package let scheme: Scheme
    /// Without the query: what the library is asked for.
    let address: String
    /// Absolute path of the PKCS#11 module; nil for a TPM.
    let module: String?
    /// The file that holds the PIN or the key's authorization value; nil when none is asked for.
    package let pin: String?
    /// What the token's library expects in the environment, such as `SOFTHSM2_CONF` or `TPM2OPENSSL_TCTI`.
    let environment: [Variable]
    /// A folder that the token's library goes on using, for as long as the signer lives.
    let files: String?

    struct Variable: Sendable, Equatable { let name: String, value: String }

    /// Nil for what begins with no scheme of a token: then it is a path.
    static func scheme(of text: String) -> Scheme? {
        Scheme.allCases.first { text.utf8.starts(with: "\($0.rawValue):".utf8) }
    }

    /// - Throws: `SigningError.key` that says what of it is wrong.
    init(_ text: String, _ scheme: Scheme) throws(SigningError) {
        func wrong(_ reason: String) -> SigningError { .key(path: text, .reference(reason)) }
        guard text.utf8.count <= 2048, text.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
            throw wrong("is no uri of at most 2048 plain characters; write others as %XX")
        }
        let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        var values: [String: String] = [:]
        var environment: [Variable] = []
        for attribute in parts.count > 1 ? parts[1].split(separator: "&", omittingEmptySubsequences: false) : [] {
            let pair = attribute.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2, let value = Self.decoded(pair[1]), !value.isEmpty else {
                throw wrong("has '\(attribute)' in its query, which is no NAME=VALUE")
            }
            let name = String(pair[0])
            if name.hasPrefix(Self.environmentPrefix) {
                let variable = String(name.dropFirst(Self.environmentPrefix.count))
                guard Self.isVariable(variable) else { throw wrong("names no variable with \(name)") }
                environment.append(Variable(name: variable, value: value))
                continue
            }
            guard Self.known.contains(name) else {
                let hint = name == "pin-value" ? "; everybody could read it: write pin-source=FILE" : ""
                throw wrong("has \(name) in its query, and may have \(Self.known.joined(separator: ", "))\(hint)")
            }
            guard values.updateValue(value, forKey: name) == nil else { throw wrong("has \(name) twice") }
            guard value.hasPrefix("/") else { throw wrong("needs an absolute path as \(name)") }
        }
        guard parts[0].utf8.count > scheme.rawValue.utf8.count + 1 else { throw wrong("names no key") }
        guard (values["module-path"] != nil) == (scheme == .pkcs11) else {
            throw wrong(
                scheme == .pkcs11
                    ? "does not say which library: module-path=FILE" : "is of a TPM, which has no module-path")
        }
        self.text = text
        self.scheme = scheme
        address = String(parts[0])
        module = values["module-path"]
        pin = values["pin-source"]
        files = values["x-files"]
        self.environment = environment
    }

    private static let known = ["module-path", "pin-source", "x-files"]
    private static let environmentPrefix = "x-env-"

    /// Upper case, as these libraries' variables are, and none that the dynamic linker or OpenSSL itself would heed.
    private static func isVariable(_ name: String) -> Bool {
        !name.isEmpty && !name.hasPrefix("LD_") && !name.hasPrefix("OPENSSL_")
            && name.utf8.allSatisfy { (0x41...0x5a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5f }
    }

    /// Percent-decoded (RFC 3986, section 2.1); nil for what is no UTF-8, has a NUL or a broken escape.
    private static func decoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = rest.prefix(2)
            rest = rest.dropFirst(2)
            guard digits.count == 2, let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16), value != 0
            else { return nil }
            bytes.append(value)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
