/// Calls `body` with `path` as a C string's address, valid during the call.
@discardableResult
package func withPath<Answer>(
    _ path: [UInt8], _ body: (UInt64) throws(LinuxError) -> Answer
) throws(LinuxError) -> Answer {
    precondition(!path.contains(0), "a path has no NUL")
    let terminated = path + [0]
    return try terminated.span.withUnsafeBytes { buffer throws(LinuxError) in
        try body(UInt64(argument: buffer.baseAddress))
    }
}

/// Calls `body` with a path of ours as a C string's address, valid during the call.
@discardableResult
package func withPath<Answer>(
    _ path: String, _ body: (UInt64) throws(LinuxError) -> Answer
) throws(LinuxError) -> Answer {
    try withPath(Array(path.utf8), body)
}

/// Calls `body` with the address of `value`, valid during the call.
@discardableResult
package func withPointer<Value, Answer>(
    to value: inout Value, _ body: (UInt64) throws(LinuxError) -> Answer
) throws(LinuxError) -> Answer {
    try withUnsafeMutableBytes(of: &value) { buffer throws(LinuxError) in
        try body(UInt64(argument: UnsafeRawPointer(buffer.baseAddress)))
    }
}
