import JSON
import Jobs
import Measure
import Testing

@Suite("token texts")
struct TokenTextTests {
    @Test("are aibom_ and the base64url of their bits, as a known answer has it")
    func knownAnswer() {
        // printf '\xff…' | basenc --base64url; RFC 4648, section 5.
        let ones = TokenText(secret: Array(repeating: 0xff, count: 32))
        #expect(ones.revealed == "aibom_" + String(repeating: "_", count: 42) + "8")
        let counting = TokenText(secret: Array(0..<32))
        #expect(counting.revealed == "aibom_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8")
        #expect(TokenText(counting.revealed)?.digest == Digest.of(Array(counting.revealed.utf8)))
    }

    @Test(
        "have one spelling",
        arguments: [
            "", "aibom_", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
            "aibom_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh", "aibom_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh88",
            "aibom_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9", "aibom_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh+",
            "AIBOM_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", "aibom_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\n",
            "aibom_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdH\u{0}8",
            " aibom_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
        ])
    func oneSpelling(text: String) {
        #expect(TokenText(text) == nil)
    }

    @Test("do not print, whichever way they are put into a line")
    func secrecy() {
        let text = TokenText(secret: Array(0..<32))
        var dumped = ""
        dump(text, to: &dumped)
        let token = AccessToken(
            id: TokenID(random: Array(0..<8)), owner: "a", role: .auditor, maker: "uid:0",
            created: Instant(milliseconds: 1), expires: nil)
        let new = NewToken(token: token, text: text)
        for line in ["\(text)", String(reflecting: text), dumped, "\(new)", String(reflecting: new), "\(token.json)"] {
            #expect(!line.contains("AAECAw"), "\(line)")
        }
        #expect("\(new.json)".contains("AAECAw"))
    }

    @Test("and what is known of tokens come back from JSON as they went")
    func json() throws {
        let token = AccessToken(
            id: TokenID(random: Array(0..<8)), owner: "a", role: .operator, maker: "uid:0",
            created: Instant(milliseconds: 1), expires: Instant(milliseconds: 2), lastUsed: nil,
            revoked: Instant(milliseconds: 3))
        #expect(token.id.description == "0001020304050607")
        #expect(AccessToken(json: token.json) == token)
        let new = NewToken(token: token, text: TokenText(secret: Array(0..<32)))
        #expect(NewToken(json: new.json)?.text.revealed == new.text.revealed)
        let request = TokenRequest(owner: "a", role: .auditor, expires: Instant(milliseconds: 4_000_000_000_000))
        #expect(try TokenRequest(json: request.json) == request)
    }
}
