/// The text by which an error names a place in a file (RFC 6901).
package enum JSONPointer {
    /// A key as a part of a pointer.
    package static func escaped(_ key: String) -> String {
        key.replacing("~", with: "~0").replacing("/", with: "~1")
    }

    /// The pointer of what holds this one; nil for the whole file.
    package static func parent(_ pointer: String) -> String? {
        pointer.lastIndex(of: "/").map { String(pointer[..<$0]) }
    }
}
