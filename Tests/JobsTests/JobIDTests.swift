import Measure
import Testing

@testable import Jobs

@Suite("job ids")
struct JobIDTests {
    @Test("carry version 7, the variant and the millisecond")
    func carryTheirBits() throws {
        let time = Instant(milliseconds: 0x0123_4567_89ab)
        let text = JobIDSource().next(at: time).description
        #expect(text.utf8.count == 36)
        #expect(text.hasPrefix("01234567-89ab-7"))
        let variant = text.utf8[text.utf8.index(text.utf8.startIndex, offsetBy: 19)]
        #expect([UInt8]("89ab".utf8).contains(variant))
        #expect(try #require(JobID(text)).time == time)
    }

    @Test("take each random bit but two")
    func takeRandomBits() {
        let none = JobID(time: Instant(milliseconds: 0), counter: 0, random: 0)
        let all = JobID(time: Instant(milliseconds: 0), counter: 0xffff, random: .max)
        #expect(none.description == "00000000-0000-7000-8000-000000000000")
        #expect(all.description == "00000000-0000-7fff-bfff-ffffffffffff")
    }

    @Test("rise strictly within a millisecond, past its counter, and when the clock goes back")
    func rise() {
        let source = JobIDSource()
        var times = Array(repeating: Int64(1000), count: 6000)
        times += [900, 900, 2000]
        let ids = times.map { source.next(at: Instant(milliseconds: $0)) }
        #expect(zip(ids, ids.dropFirst()).allSatisfy(<))
        #expect(zip(ids, ids.dropFirst()).allSatisfy { $0.description < $1.description })
        #expect(ids.last?.time.milliseconds == 2000)
    }

    @Test("differ between many that ask at once")
    func differ() async {
        let source = JobIDSource()
        let ids = await withTaskGroup(of: [JobID].self) { group in
            for _ in 0..<8 { group.addTask { (0..<500).map { _ in source.next() } } }
            return await group.reduce(into: Set<JobID>()) { $0.formUnion($1) }
        }
        #expect(ids.count == 4000)
    }

    @Test(
        "have one spelling",
        arguments: [
            "", "018f", "01234567-89AB-7000-8000-000000000000", "01234567-89ab-4000-8000-000000000000",
            "01234567-89ab-7000-c000-000000000000", "0123456789ab70008000000000000000",
            "01234567-89ab-7000-8000-00000000000g", "01234567-89ab-7000-8000-000000000000\n",
            "../../../../../../../../../etc/passwd", "+1234567-89ab-7000-8000-000000000000",
        ])
    func haveOneSpelling(text: String) { #expect(JobID(text) == nil) }
}
