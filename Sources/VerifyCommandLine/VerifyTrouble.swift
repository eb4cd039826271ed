/// Why nothing could be verified: what was given does not read.
package struct VerifyTrouble: Error, Equatable, CustomStringConvertible {
    package let message: String
    package let remedy: String

    init(_ message: String, remedy: String) {
        self.message = message
        self.remedy = remedy
    }

    package var description: String { "\(message)\nremedy: \(remedy)" }
}
