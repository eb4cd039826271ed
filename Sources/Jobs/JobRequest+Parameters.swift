internal import JSON

extension JobRequest {
    private static let maximumParameters = 64

    /// What is true of the parameters of any rootfs: few, named by words, and numbers. So the interface's description can say it.
    static func check(_ parameters: JSONObject) throws(Violation) {
        guard parameters.count <= maximumParameters else {
            throw Violation(
                "parameters", "has more than \(maximumParameters) members", limit: .integer(Int64(maximumParameters)),
                remedy: "send those that the rootfs describes")
        }
        for member in parameters.members {
            guard isName(member.key) else {
                throw Violation(
                    "parameters.\(Violation.quotable(member.key))", "is not the name of a parameter",
                    limit: "1 to 64 of a-z 0-9 _, beginning with a letter", remedy: "see the rootfs's description")
            }
            guard member.value == .null || member.value.doubleValue != nil else {
                throw Violation(
                    "parameters.\(member.key)", "is not a number", limit: "number",
                    remedy: "send a number, or null for the default")
            }
        }
    }

    private static func isName(_ text: String) -> Bool {
        guard (1...64).contains(text.utf8.count), let first = text.utf8.first, (0x61...0x7a).contains(first) else {
            return false
        }
        return text.utf8.allSatisfy { (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5f }
    }
}
