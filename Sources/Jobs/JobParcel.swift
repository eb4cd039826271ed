package import JSON
internal import Measure

/// A request with those of its inputs that are not stored yet, in one body: a form with three small files costs one question then
/// instead of four.
///
/// One line of JSON, which is the request; of each input whose bytes come along it says how many they are, in `bytes` beside
/// `sha256`. Behind the line feed those bytes, in the order of `InputRole`, and nothing else.
package struct JobParcel: Sendable {
    package static let mediaType = "application/vnd.aibom.job"
    /// Of all inputs that come along; larger ones are uploaded before.
    package static let maximumBytes = 64 << 10

    package struct File: Sendable {
        package let input: JobInput
        package let bytes: [UInt8]
    }

    package let request: JobRequest
    /// In the order of `InputRole`.
    package let files: [File]

    /// A request whose inputs are all stored.
    package init(_ request: JobRequest) { (self.request, files) = (request, []) }

    /// - Parameters:
    ///   - request: names all of its inputs by their digests.
    ///   - bytes: of inputs of the request that come along.
    package init(_ request: JobRequest, with bytes: [InputRole: [UInt8]]) {
        self.request = request
        files = request.inputs.sorted { $0.role.order < $1.role.order }.compactMap { input in
            bytes[input.role].map { File(input: input, bytes: $0) }
        }
    }

    /// Reads a body. Whether an input's bytes have the digest that the request says is for whoever stores them.
    ///
    /// - Parameters:
    ///   - body: all of it.
    ///   - limits: of the line.
    /// - Throws: `JSONError` of the line, a `Violation` for whatever else is wrong.
    package init(body: [UInt8], limits: JSON.Limits) throws {
        let line = body.firstIndex(of: UInt8(ascii: "\n")) ?? body.endIndex
        let (document, lengths) = try JobParcel.split(try JSON.parse(Array(body[..<line]), limits: limits))
        let request = try JobRequest(json: document)
        var rest = body[min(line + 1, body.endIndex)...]
        let total = lengths.values.reduce(0, +)
        guard rest.count == total else {
            throw Violation(
                "inputs", "say that \(total) bytes come along, and \(rest.count) came", limit: .integer(Int64(total)),
                remedy: "send the bytes of the inputs behind the line, in the order model, dataset, definition")
        }
        var files: [File] = []
        for input in request.inputs {
            guard let length = lengths[input.role] else { continue }
            files.append(File(input: input, bytes: Array(rest.prefix(length))))
            rest = rest.dropFirst(length)
        }
        (self.request, self.files) = (request, files)
    }

    package var body: [UInt8] {
        var document = request.json.objectValue ?? JSONObject()
        var inputs = document["inputs"]?.objectValue ?? JSONObject()
        for file in files {
            var input = inputs[file.input.role.rawValue]?.objectValue ?? JSONObject()
            input["bytes"] = .integer(Int64(file.bytes.count))
            inputs[file.input.role.rawValue] = .object(input)
        }
        document["inputs"] = .object(inputs)
        return files.reduce(JSON.object(document).compactBytes() + [UInt8(ascii: "\n")]) { $0 + $1.bytes }
    }

    /// The request as it is when all inputs are stored, and how many bytes of which come along.
    private static func split(_ json: JSON) throws(Violation) -> (JSON, [InputRole: Int]) {
        guard var document = json.objectValue, var inputs = document["inputs"]?.objectValue else { return (json, [:]) }
        var lengths: [InputRole: Int] = [:]
        var left = maximumBytes
        for role in InputRole.allCases {
            guard let input = inputs[role.rawValue]?.objectValue, let given = input["bytes"] else { continue }
            guard let length = given.integerValue.flatMap(Int.init(exactly:)), (0...left).contains(length) else {
                throw Violation(
                    "inputs.\(role).bytes", "is not a number of bytes that can come along",
                    limit: .integer(Int64(maximumBytes)),
                    remedy: "of more than \(maximumBytes) bytes together, upload to /v1/blobs first")
            }
            lengths[role] = length
            left -= length
            var rest = JSONObject()
            for member in input.members where member.key != "bytes" { rest[member.key] = member.value }
            inputs[role.rawValue] = .object(rest)
        }
        document["inputs"] = .object(inputs)
        return (.object(document), lengths)
    }
}

extension InputRole {
    fileprivate var order: Int { InputRole.allCases.firstIndex(of: self) ?? 0 }
}
