/// Which request of which larger undertaking this is (W3C Trace Context): carried, never judged.
package struct TraceContext: Equatable, Sendable, CustomStringConvertible {
    /// 32 lower-case hexadecimal digits, not all zero.
    package let traceID: String
    /// 16 of them: the caller's part of the undertaking.
    package let parentID: String
    package let isSampled: Bool

    /// Reads a `traceparent`; nil for what the standard wants ignored. Of a version above 00 the known front is read.
    package init?(_ field: String?) {
        guard let bytes = field.map({ Array($0.utf8) }), bytes.count >= 55, bytes.count <= 512,
            let version = TraceContext.hex(bytes[0..<2]), version != "ff", version != "00" || bytes.count == 55,
            bytes.count == 55 || bytes[55] == UInt8(ascii: "-"),
            [2, 35, 52].allSatisfy({ bytes[$0] == UInt8(ascii: "-") }),
            let trace = TraceContext.hex(bytes[3..<35]), trace.contains(where: { $0 != "0" }),
            let parent = TraceContext.hex(bytes[36..<52]), parent.contains(where: { $0 != "0" }),
            let flags = TraceContext.hex(bytes[53..<55]).flatMap({ UInt8($0, radix: 16) })
        else { return nil }
        (traceID, parentID, isSampled) = (trace, parent, flags & 1 == 1)
    }

    private init(traceID: String, isSampled: Bool) {
        self.traceID = traceID
        parentID = TraceContext.random(digits: 16)
        self.isSampled = isSampled
    }

    /// A new undertaking, for a request that names none.
    package static func fresh() -> TraceContext { TraceContext(traceID: random(digits: 32), isSampled: false) }

    /// Our own part of the same undertaking.
    package func child() -> TraceContext { TraceContext(traceID: traceID, isSampled: isSampled) }

    package var description: String { "00-\(traceID)-\(parentID)-0\(isSampled ? 1 : 0)" }

    private static func hex(_ bytes: ArraySlice<UInt8>) -> String? {
        let isHex = bytes.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
        return isHex ? String(decoding: bytes, as: UTF8.self) : nil
    }

    private static func random(digits: Int) -> String {
        let text = (0..<digits / 16).map { _ in
            // Never zero, which would mean "none".
            let part = String(UInt64.random(in: 1 ... .max), radix: 16)
            return String(repeating: "0", count: 16 - part.count) + part
        }
        return text.joined()
    }
}

extension TraceContext {
    /// The undertaking of the request that this task answers; a job that it submits carries it on.
    @TaskLocal package static var current: TraceContext?
}
