internal import JSON

extension JobFacts {
    /// Refuses facts of which no valid document can be made; what passes here is in the form the schema asks for.
    func check() throws(AttestError) {
        try checkIdentity()
        try checkFiles()
        try checkDigests()
    }

    private func checkIdentity() throws(AttestError) {
        guard Form.isUUIDv7(job) else { throw .fact("job", reason: "not a version 7 uuid in lower case") }
        for (name, time) in [("submitted", submitted), ("started", started ?? finished), ("finished", finished)] {
            guard Form.isTime(time) else { throw .fact(name, reason: "not a time like 2026-11-23T05:42:23.123Z") }
        }
        guard attempt >= 1 else { throw .fact("attempt", reason: "counted from 1") }
    }

    private func checkFiles() throws(AttestError) {
        for role in Input.Role.allCases where inputs.count(where: { $0.role == role }) > 1 {
            throw .fact("inputs", reason: "more than one \(role.rawValue)")
        }
        for role in Output.Role.allCases where outputs.count(where: { $0.role == role }) > 1 {
            throw .fact("outputs", reason: "more than one \(role.rawValue)")
        }
        let hasModel = outputs.contains { $0.role == .model }
        switch outcome {
        case .completed: guard hasModel else { throw .fact("outputs", reason: "completed without a model") }
        case .failed: guard !hasModel else { throw .fact("outputs", reason: "failed with a model") }
        }
        for file in inputs.map(\.file) + outputs.map(\.file) + [rootfs.image] {
            guard !file.name.isEmpty else { throw .fact("file", reason: "without a name") }
            guard file.size >= 0 else { throw .fact("size of \(file.name)", reason: "negative") }
            try Self.check(file.sha256, "sha256 of \(file.name)")
        }
        for output in outputs where output.file.name.utf8.contains(UInt8(ascii: "/")) {
            throw .fact("outputs", reason: "\(output.file.name) is no file name")
        }
        if let platform {
            guard platform.name == AIBoM.platformName, platform.size >= 0 else {
                throw .fact("platform", reason: "not a file named \(AIBoM.platformName)")
            }
            try Self.check(platform.sha256, "sha256 of \(platform.name)")
        }
        guard Set(outputs.map { Array($0.file.name.utf8) }).count == outputs.count else {
            throw .fact("outputs", reason: "two of one name")
        }
    }

    private func checkDigests() throws(AttestError) {
        try Self.check(keyID, "key id")
        try Self.check(policy.digest, "policy digest")
        let optional = [
            ("tape digest", tape), ("recipe digest", rootfs.recipe), ("inventory digest", rootfs.inventory),
            ("verity digest", rootfs.verity), ("supervisor digest", supervisor.executable),
            ("signer digest", supervisor.signer), ("filter digest", policy.filter),
        ]
        for (name, digest) in optional {
            if let digest { try Self.check(digest, name) }
        }
    }

    fileprivate static func check(_ digest: String, _ name: String) throws(AttestError) {
        guard Form.isSHA256(digest) else { throw .fact(name, reason: "not 64 lower-case hexadecimal digits") }
    }
}

extension JobFacts.NeverRan {
    func check() throws(AttestError) {
        guard Form.isUUIDv7(job) else { throw .fact("job", reason: "not a version 7 uuid in lower case") }
        for (name, time) in [("submitted", submitted), ("finished", finished)] where !Form.isTime(time) {
            throw .fact(name, reason: "not a time like 2026-11-23T05:42:23.123Z")
        }
        for role in JobFacts.Input.Role.allCases where inputs.count(where: { $0.role == role }) > 1 {
            throw .fact("inputs", reason: "more than one \(role.rawValue)")
        }
        guard platform.name == AIBoM.platformName else {
            throw .fact("platform", reason: "not a file named \(AIBoM.platformName)")
        }
        for file in inputs.map(\.file) + [platform] {
            guard file.size >= 0 else { throw .fact("size of \(file.name)", reason: "negative") }
            try JobFacts.check(file.sha256, "sha256 of \(file.name)")
        }
    }
}

/// What texts must look like to go into a document.
enum Form {
    static func isSHA256(_ text: String) -> Bool { matches(text, String(repeating: "h", count: 64)) }

    /// RFC 9562, section 5.7: version 7, variant 10.
    static func isUUIDv7(_ text: String) -> Bool {
        matches(text, "hhhhhhhh-hhhh-7hhh-vhhh-hhhhhhhhhhhh")
    }

    /// Nothing but what every URI parser reads in the same way: the schema's `iri-reference` is stricter than it looks.
    static func isPlainURL(_ text: String) -> Bool {
        let rest = text.dropFirst("https://".count)
        let plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/"
        return text.hasPrefix("https://") && !rest.isEmpty && rest.utf8.allSatisfy(plain.utf8.contains)
    }

    static func isTime(_ text: String) -> Bool { matches(text, "dddd-dd-ddTdd:dd:dd.dddZ") }

    /// `h` stands for a hexadecimal digit, `d` for a decimal one, `v` for a variant digit, the rest for itself.
    private static func matches(_ text: String, _ shape: String) -> Bool {
        text.utf8.count == shape.utf8.count
            && zip(text.utf8, shape.utf8).allSatisfy { byte, shape in
                switch shape {
                case UInt8(ascii: "h"): "0123456789abcdef".utf8.contains(byte)
                case UInt8(ascii: "d"): "0123456789".utf8.contains(byte)
                case UInt8(ascii: "v"): "89ab".utf8.contains(byte)
                default: byte == shape
                }
            }
    }
}
