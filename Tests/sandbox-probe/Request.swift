/// What is wrong with a request; only a faulty test makes one.
struct RequestFault: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// The arguments of one call.
struct Request {
    let scenario: String
    private let options: [(key: String, value: String)]
    /// The program with its arguments; empty when there is none.
    let program: [String]

    init(_ arguments: ArraySlice<String>) throws {
        guard let scenario = arguments.first else { throw RequestFault("no scenario") }
        self.scenario = scenario
        let rest = arguments.dropFirst()
        let end = rest.firstIndex(of: "--") ?? rest.endIndex
        options = try rest[..<end].map { argument in
            guard let equals = argument.firstIndex(of: "=") else { throw RequestFault("no = in \(argument)") }
            return (String(argument[..<equals]), String(argument[argument.index(after: equals)...]))
        }
        program = Array(rest[end...].dropFirst())
    }

    subscript(key: String) -> String? { options.first { $0.key == key }?.value }

    func required(_ key: String) throws -> String {
        guard let value = self[key] else { throw RequestFault("no \(key)") }
        return value
    }

    func number(_ key: String, default other: Int) -> Int { self[key].flatMap(Int.init) ?? other }

    /// The options `prefix.NAME=VALUE`, by NAME.
    func all(_ prefix: String) -> [(key: String, value: String)] {
        options.filter { $0.key.hasPrefix(prefix + ".") }.map { (String($0.key.dropFirst(prefix.count + 1)), $0.value) }
    }
}
