package import JSON
internal import Measure

/// An input and how large its blob is.
package struct StoredInput: Sendable, Equatable {
    package let input: JobInput
    package let size: UInt64

    package init(_ input: JobInput, size: UInt64) {
        self.input = input
        self.size = size
    }
}

extension [StoredInput] {
    package var json: JSONObject {
        var object = JSONObject()
        for stored in self {
            object[stored.input.role.rawValue] = [
                "file_name": .string(stored.input.fileName.text), "sha256": .string(stored.input.digest.hex),
                "size": .integer(Int64(clamping: stored.size)),
            ]
        }
        return object
    }

    package init?(json: JSON) {
        guard let object = json.objectValue else { return nil }
        self = []
        for member in object.members {
            guard let role = InputRole(rawValue: member.key),
                let name = member.value["file_name"]?.stringValue.flatMap({ try? FileName($0, field: "file_name") }),
                let blob = Blob(json: member.value)
            else { return nil }
            append(StoredInput(JobInput(role: role, fileName: name, digest: blob.digest), size: blob.size))
        }
    }
}
