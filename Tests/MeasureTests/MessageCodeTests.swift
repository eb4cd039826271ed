import Measure
import Testing

@Suite("message codes")
struct MessageCodeTests {
    @Test("are those of RFC 4231")
    func vectors() {
        let first = MessageCode(key: Array(repeating: 0x0b, count: 20))
        #expect(
            first.code(of: Array("Hi There".utf8)).hex
                == "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")
        let second = MessageCode(key: Array("Jefe".utf8))
        #expect(
            second.code(of: Array("what do ya want for nothing?".utf8)).hex
                == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    }

    @Test("fit their message and key, and no other")
    func fit() throws {
        let code = MessageCode(key: Array(repeating: 1, count: 32))
        let made = code.code(of: [1, 2, 3])
        #expect(code.isCode(made, of: [1, 2, 3]))
        #expect(!code.isCode(made, of: [1, 2]))
        #expect(!MessageCode(key: Array(repeating: 2, count: 32)).isCode(made, of: [1, 2, 3]))
        for index in 0..<Digest.length {
            var bytes = made.bytes
            bytes[index] ^= 1
            #expect(!code.isCode(try #require(Digest(bytes: bytes)), of: [1, 2, 3]))
        }
    }
}
