/// Whom a verifier trusts: logs, witnesses, and how many of the witnesses it wants (C2SP tlog-policy).
package struct TlogPolicy: Sendable {
    private enum Rule: Sendable {
        case witness(VerifierKey)
        case group(needed: Int, of: [ExactText])
    }

    package private(set) var logs: [VerifierKey] = []
    package private(set) var witnesses: [VerifierKey] = []
    /// Where each witness takes checkpoints, for those whose line says it.
    package private(set) var witnessURLs: [(key: VerifierKey, url: ExactText)] = []
    private var rules: [ExactText: Rule] = [:]
    /// nil: none is asked for.
    private var quorum: ExactText?

    private static let lineLimit = 1000
    private static let sizeLimit = 256 << 10
    private static let none: ExactText = "none"

    /// Whether the checkpoint was signed by a log of the policy and by enough of its witnesses.
    package func accepts(_ signed: SignedCheckpoint) -> Bool {
        let isOfLog = logs.contains { signed.signers.contains($0) && $0.name == signed.checkpoint.origin }
        return isOfLog && (quorum.map { holds($0, signed.signers) } ?? true)
    }

    private func holds(_ name: ExactText, _ signers: Set<VerifierKey>) -> Bool {
        switch rules[name] {
        case .witness(let key): signers.contains(key)
        case .group(let needed, let members): members.count { holds($0, signers) } >= needed
        case nil: false
        }
    }

    /// Reads a policy file.
    ///
    /// - Parameter bytes: of the file.
    /// - Throws: `LogError.malformed` with the line's number.
    package init(_ bytes: [UInt8]) throws(LogError) {
        guard bytes.count <= Self.sizeLimit else { throw .malformed("policy", "larger than \(Self.sizeLimit) bytes") }
        guard bytes.isEmpty || bytes.last == 0x0a else { throw .malformed("policy", "its last line does not end") }
        guard bytes.allSatisfy({ $0 == 0x09 || $0 == 0x0a || ($0 >= 0x20 && $0 != 0x7f) }) else {
            throw .malformed("policy", "a control character")
        }
        let lines = bytes.split(separator: 0x0a, omittingEmptySubsequences: false)
        guard lines.count <= Self.lineLimit else { throw .malformed("policy", "more than \(Self.lineLimit) lines") }
        var members: Set<ExactText> = []
        var hasQuorum = false
        for (index, line) in lines.enumerated() {
            let words = line.split { $0 == 0x20 || $0 == 0x09 }.map { Array($0) }
            guard let verb = words.first, verb[0] != UInt8(ascii: "#") else { continue }
            do throws(LogError) {
                switch String(decoding: verb, as: UTF8.self) {
                case "log": try addLog(words)
                case "witness": try addWitness(words)
                case "group": try addGroup(words, &members)
                case "quorum":
                    guard !hasQuorum else { throw .malformed("policy", "a second quorum") }
                    hasQuorum = true
                    try setQuorum(words)
                case let other: throw .malformed("policy", "'\(other)' is none of log, witness, group, quorum")
                }
            } catch {
                guard case .malformed(let what, let reason) = error else { throw error }
                throw .malformed("policy, line \(index + 1)", what == "policy" ? reason : "\(what): \(reason)")
            }
        }
        guard hasQuorum else { throw .malformed("policy", "has no quorum line; 'quorum none' asks for no witness") }
    }

    private mutating func addLog(_ words: [[UInt8]]) throws(LogError) {
        guard (2...3).contains(words.count) else { throw .malformed("policy", "not of the form 'log vkey [url]'") }
        let key = try VerifierKey(String(decoding: words[1], as: UTF8.self))
        guard key.kind == .ed25519 else { throw .malformed("policy", "a log's key is of type 1") }
        guard !logs.contains(where: { $0.publicKey == key.publicKey }) else {
            throw .malformed("policy", "the same log twice")
        }
        logs.append(key)
    }

    private mutating func addWitness(_ words: [[UInt8]]) throws(LogError) {
        guard (3...4).contains(words.count) else {
            throw .malformed("policy", "not of the form 'witness name vkey [url]'")
        }
        let key = try VerifierKey(String(decoding: words[2], as: UTF8.self))
        guard key.kind == .cosignature else { throw .malformed("policy", "a witness's key is of type 4") }
        guard !witnesses.contains(where: { $0.publicKey == key.publicKey }) else {
            throw .malformed("policy", "the same witness twice")
        }
        try define(words[1], .witness(key))
        witnesses.append(key)
        if words.count == 4 { witnessURLs.append((key, ExactText(bytes: words[3]))) }
    }

    private mutating func addGroup(_ words: [[UInt8]], _ members: inout Set<ExactText>) throws(LogError) {
        guard words.count >= 4 else { throw .malformed("policy", "not of the form 'group name k|any|all name…'") }
        let names = words[3...].map { ExactText(bytes: $0) }
        for name in names {
            guard rules[name] != nil else { throw .malformed("policy", "\(name) is not defined on a line before") }
            guard members.insert(name).inserted else { throw .malformed("policy", "\(name) is a member twice") }
        }
        let needed: Int
        switch String(decoding: words[2], as: UTF8.self) {
        case "any": needed = 1
        case "all": needed = names.count
        default:
            guard let number = Decimal.parse(words[2]), (1...UInt64(names.count)).contains(number) else {
                throw .malformed("policy", "the number of members wanted is not any, all, or from 1 to \(names.count)")
            }
            needed = Int(number)
        }
        try define(words[1], .group(needed: needed, of: names))
    }

    private mutating func setQuorum(_ words: [[UInt8]]) throws(LogError) {
        guard words.count == 2 else { throw .malformed("policy", "not of the form 'quorum name'") }
        let name = ExactText(bytes: words[1])
        if name == Self.none { return }
        guard rules[name] != nil else { throw .malformed("policy", "\(name) is not defined on a line before") }
        quorum = name
    }

    private mutating func define(_ name: [UInt8], _ rule: Rule) throws(LogError) {
        let name = ExactText(bytes: name)
        guard name != Self.none, rules[name] == nil else { throw .malformed("policy", "\(name) is taken") }
        rules[name] = rule
    }
}
