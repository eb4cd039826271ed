import API
import Testing

@Suite("a Range field")
struct ByteRangeTests {
    static let huge = String(repeating: "9", count: 40)

    @Test(
        "of ten bytes asks for",
        arguments: [
            ("bytes=0-0", 0..<1), ("bytes=0-", 0..<10), ("bytes=3-5", 3..<6), ("bytes=9-", 9..<10),
            ("bytes=0-\(huge)", 0..<10), ("bytes=-3", 7..<10), ("bytes=-10", 0..<10), ("bytes=-\(huge)", 0..<10),
            ("BYTES=1-2", 1..<3), ("bytes= 1-2 ", 1..<3), ("bytes=,1-2,", 1..<3),
            ("bytes=\(String(repeating: "0", count: 40))1-2", 1..<3), ("bytes=8-18446744073709551615", 8..<10),
        ])
    func parts(field: String, part: Range<Int>) {
        #expect(ByteRange(field, of: 10) == .part(UInt64(part.lowerBound)..<UInt64(part.upperBound)))
    }

    @Test(
        "asks for what is not there",
        arguments: ["bytes=10-", "bytes=10-20", "bytes=\(huge)-", "bytes=-0", "bytes=-00"])
    func unsatisfiable(field: String) {
        #expect(ByteRange(field, of: 10) == .unsatisfiable)
    }

    @Test(
        "that is none, or is several, gets everything",
        arguments: [
            nil, "", "bytes", "bytes=", "bytes=-", "bytes=--1", "bytes=5-3", "bytes=1-2,4-5", "bytes=0-0,0-0",
            "bytes=a-b",
            "bytes=+1-2", "bytes=1-2-3", "bytes=1 -2", "bytes=0x1-2", "bytes=١-٢", "lines=0-1", "bytes=1-2;q=1", "=0-1",
            "0-1",
            "bytes=\(huge)-0", "bytes=1-2, bytes=3-4",
        ])
    func whole(field: String?) {
        #expect(ByteRange(field, of: 10) == .whole)
    }

    @Test("of nothing can only be begun behind its end")
    func empty() {
        #expect(ByteRange("bytes=0-", of: 0) == .unsatisfiable)
        #expect(ByteRange("bytes=-1", of: 0) == .whole)
        #expect(ByteRange("bytes=-0", of: 0) == .unsatisfiable)
        #expect(ByteRange("bytes=0-", of: .max) == .part(0 ..< .max))
    }
}

@Suite("an entity tag")
struct EntityTagTests {
    let tag = EntityTag("abc")

    @Test(
        "is named by a list, weakly or strongly",
        arguments: [
            ("\"abc\"", true, true), ("W/\"abc\"", true, false), ("*", true, true), (" \"x\" , \"abc\"", true, true),
            ("\"a,b\",W/\"abc\"", true, false), ("\"ab\"", false, false), ("abc", false, false), ("", false, false),
            ("\"abc", false, false), ("w/\"abc\"", false, false), ("\"x\" abc, \"abc\"", false, false),
        ])
    func lists(field: String, weakly: Bool, strongly: Bool) {
        #expect(tag.isNamed(inNoneMatch: field) == weakly)
        #expect(tag.isNamed(inMatch: field) == strongly)
    }

    @Test("permits a range only when it is exactly the one that the reader has")
    func ifRange() {
        #expect(tag.permitsRange(nil))
        #expect(tag.permitsRange("\"abc\""))
        for other in ["W/\"abc\"", "\"x\"", "*", "Wed, 21 Oct 2015 07:28:00 GMT", "\"abc\", \"x\""] {
            #expect(!tag.permitsRange(other))
        }
        #expect(!tag.isNamed(inNoneMatch: nil))
        #expect(tag.isNamed(inMatch: nil))
    }
}
