import Glibc
import Isolation
import JSON
import Linux
import Sandbox
import SystemPackage

extension SandboxError {
    var json: JSON {
        switch self {
        case .preparation(let error):
            ["kind": "preparation", "stage": .string(error.stage), "errno": .integer(Int64(error.errno.rawValue))]
        case .confinement(let stage, let call, let error):
            [
                "kind": "confinement", "stage": .string(stage), "call": .string(call),
                "errno": .integer(Int64(error.errno.rawValue)),
            ]
        case .program(let path, let error):
            ["kind": "program", "path": .string(path), "errno": .integer(Int64(error.errno.rawValue))]
        case .noUser: ["kind": "no user"]
        case .unenforceable(let what, _): ["kind": "unenforceable", "what": .string(what)]
        }
    }
}

extension RunOutcome {
    var json: JSON {
        let status =
            switch ending.status {
            case .exited(let value): "exited \(value)"
            case .signalled(let number): "signalled \(number)"
            }
        return [
            "cause": .string("\(cause)"), "status": .string(status), "milliseconds": .integer(wallMicroseconds / 1000),
            "denied": denied.json, "usage": usage.json, "out of memory": .bool(ranOutOfMemory),
        ]
    }
}

extension GroupUsage {
    var json: JSON {
        let figures: [(String, Int64?)] = [
            ("peak", peakMemory), ("user", userMicroseconds), ("system", systemMicroseconds), ("oom kills", oomKills),
            ("refused forks", refusedForks), ("throttled", throttledMicroseconds),
        ]
        var object = JSONObject()
        for (name, figure) in figures { object[name] = figure.map { .integer($0) } ?? .null }
        return .object(object)
    }
}

extension DeniedCalls {
    var json: JSON {
        var counts = JSONObject()
        for (name, count) in self.counts.sorted(by: { $0.key < $1.key }) { counts[name] = .integer(Int64(count)) }
        let attempts = self.attempts.map { attempt -> JSON in
            [
                "name": .string(attempt.name), "count": .integer(Int64(attempt.count)),
                "arguments": .array(attempt.arguments.map { .string(String($0, radix: 16)) }),
            ]
        }
        return ["total": .integer(Int64(total)), "counts": .object(counts), "attempts": .array(attempts)]
    }
}

extension WalkError {
    /// The case's name.
    var name: String {
        switch self {
        case .notRegular: "not regular"
        case .linked: "linked"
        case .tooLarge: "too large"
        case .tooMany: "too many"
        case .tooDeep: "too deep"
        case .system(let error): "system \(error.errno.rawValue)"
        }
    }
}

func hex(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}

/// Writes all of `bytes`, or as much as anybody takes.
func say(_ bytes: [UInt8], on descriptor: Int32) {
    var rest = bytes[...]
    while !rest.isEmpty {
        let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        guard count > 0 else { return }
        rest = rest.dropFirst(count)
    }
}
