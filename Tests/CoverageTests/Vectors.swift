import Foundation
import JSON

/// The golden AIBoMs, which AttestTests prove to be what we emit.
enum Vectors {
    static func document(_ name: String) throws -> JSON {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let bytes = try Data(contentsOf: tests.appending(path: "AttestTests/Vectors/\(name).json"))
        return try JSON.parse(Array(bytes), limits: .document)
    }
}

extension JSON {
    /// The document without what stands at a pointer that `Coverage` gave; itself when nothing stands there.
    func removing(_ pointer: String) -> JSON {
        let parts = pointer.dropFirst().split(separator: "/").map {
            String($0).replacing("~1", with: "/").replacing("~0", with: "~")
        }
        return removing(parts[...])
    }

    private func removing(_ parts: ArraySlice<String>) -> JSON {
        guard let first = parts.first else { return self }
        switch self {
        case .object(let object):
            var kept = JSONObject()
            for member in object.members {
                if member.key != first {
                    kept[member.key] = member.value
                } else if parts.count > 1 {
                    kept[member.key] = member.value.removing(parts.dropFirst())
                }
            }
            return .object(kept)
        case .array(let elements):
            return .array(
                elements.enumerated().compactMap { index, element in
                    guard String(index) == first else { return element }
                    return parts.count > 1 ? element.removing(parts.dropFirst()) : nil
                })
        default: return self
        }
    }
}
