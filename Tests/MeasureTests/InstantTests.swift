import Foundation
import Measure
import Testing

@Suite("Instant")
struct InstantTests {
    @Test(
        "renders and reads RFC 3339",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"), (1_795_412_543_123, "2026-11-23T05:42:23.123Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"), (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
            (-62_167_219_200_000, "0000-01-01T00:00:00.000Z"),
        ] as [(Int64, String)])
    func vectors(milliseconds: Int64, text: String) {
        #expect(Instant(milliseconds: milliseconds).description == text)
        #expect(Instant(text) == Instant(milliseconds: milliseconds))
    }

    @Test("round-trips on every day of five centuries, and agrees with Foundation's calendar on samples")
    func everyDay() {
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        for day in stride(from: Int64(-70_000), through: 110_000, by: 1) {
            let instant = Instant(milliseconds: day * 86_400_000 + 123)
            let date = Date(timeIntervalSince1970: Double(day) * 86_400)
            if day % 97 == 0 {
                #expect(instant.description.prefix(10) == date.formatted(style).prefix(10))
            }
            #expect(Instant(instant.description) == instant)
        }
    }

    @Test(
        "refuses every other form",
        arguments: [
            "2026-11-23T05:42:23Z", "2026-11-23 05:42:23.123Z", "2026-11-23T05:42:23.123+00:00",
            "2026-02-29T00:00:00.000Z", "2026-13-01T00:00:00.000Z", "2026-00-01T00:00:00.000Z",
            "2026-01-00T00:00:00.000Z", "2026-01-01T24:00:00.000Z", "2026-01-01T00:60:00.000Z",
            "2026-01-01T00:00:60.000Z", "2026-01-01T00:00:00.000z", "",
        ])
    func refusals(_ text: String) { #expect(Instant(text) == nil) }

    @Test("now is now")
    func now() {
        let before = Date().timeIntervalSince1970
        let now = Double(Instant.now().milliseconds) / 1000
        #expect(now >= before - 0.01 && now <= Date().timeIntervalSince1970 + 0.01)
    }
}
