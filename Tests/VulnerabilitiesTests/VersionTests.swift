import Testing

@testable import Vulnerabilities

@Suite("versions")
struct VersionTests {
    /// Each before the next: deb-version(7) and the examples of the Debian policy, section 5.6.12.
    @Test("of Debian are in dpkg's order")
    func debian() throws {
        let order = [
            "0~~", "0~~a", "0~", "0", "0a", "0.1", "1~rc1-1", "1.0~beta1~svn1245", "1.0~beta1", "1.0", "1.0-1~deb12u1",
            "1.0-1",
            "1.0-1+b1", "1.0-1+deb12u1", "1.0-1+deb12u2", "1.0-1+deb12u10", "1.0.1", "1.2.13.dfsg-1", "1.10",
            "2.36-9+deb12u13",
            "2.36-9+deb12u14", "99999999999999999999998", "99999999999999999999999", "1:0.1", "1:4.4.33-2", "2:0~",
        ]
        let versions = try order.map { try #require(DebianVersion($0), "\($0)") }
        for (i, left) in versions.enumerated() {
            for (j, right) in versions.enumerated() {
                #expect((left < right) == (i < j), "\(order[i]) \(order[j])")
                #expect((left == right) == (i == j), "\(order[i]) \(order[j])")
            }
        }
        for (left, right) in [("0:1.0", "1.0"), ("1.0-0", "1.0"), ("1.00", "1.0"), ("1.0-01", "1.0-1")] {
            #expect(DebianVersion(left) == DebianVersion(right))
        }
        for text in ["", "x:1", "-1:1", "1 0", "1.0_1", "é"] { #expect(DebianVersion(text) == nil, "\(text)") }
    }

    /// Each before the next: PEP 440, section "Summary of permitted suffixes and relative ordering".
    @Test("of Python are in the order of PEP 440")
    func python() throws {
        let order = [
            "1.dev0", "1.0.dev456", "1.0a1", "1.0a2.dev456", "1.0a12.dev456", "1.0a12", "1.0b1.dev456", "1.0b2",
            "1.0b2.post345.dev456", "1.0b2.post345", "1.0rc1.dev456", "1.0rc1", "1.0", "1.0+abc.5", "1.0+abc.7",
            "1.0+5",
            "1.0.post456.dev34", "1.0.post456", "1.0.15", "1.1.dev1", "1.9", "1.10", "1!0.1",
        ]
        let versions = try order.map { try #require(PythonVersion($0), "\($0)") }
        for (i, left) in versions.enumerated() {
            for (j, right) in versions.enumerated() {
                #expect((left < right) == (i < j), "\(order[i]) \(order[j])")
                #expect((left == right) == (i == j), "\(order[i]) \(order[j])")
            }
        }
        for (left, right) in [
            ("1.0", "1"), ("1.0.0", "1"), ("v1.0", "1.0"), ("1.0-ALPHA.1", "1.0a1"), ("1.0-1", "1.0.post1"),
            ("1.0c1", "1.0rc1"), ("1.0_preview2", "1.0rc2"), ("1.0.rev", "1.0.post0"),
        ] {
            #expect(PythonVersion(left) == PythonVersion(right), "\(left) \(right)")
        }
        for text in ["", "x", "1..0", "1.0 ", "1.0+", "1.0a1b1", String(repeating: "1", count: 300)] {
            #expect(PythonVersion(text) == nil, "\(text)")
        }
    }
}
