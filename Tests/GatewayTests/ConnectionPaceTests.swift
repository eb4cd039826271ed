import NIOCore
import Testing

@testable import Gateway

@Suite("the pace of a connection")
struct ConnectionPaceTests {
    private let limits = GatewayLimits()
    private let start = NIODeadline.uptimeNanoseconds(1)

    @Test("counts what is decoded as a body for none of the header, however much comes in one piece")
    func bodyBehindHeader() throws {
        var pace = ConnectionPace(limits, at: start)
        for _ in 0..<2 {
            // TLS hands on all that a loop of reads brought.
            pace.received(limits.header + (1 << 20), at: start)
            pace.headerEnded(at: start)
            try pace.checkHeader()
            pace.received(1 << 20, at: start)
            try pace.checkHeader()
            pace.bodyEnded()
            pace.answered(at: start)
        }
    }

    @Test("ends a header that does not end, at its limit and not a piece later")
    func header() throws {
        var pace = ConnectionPace(limits, at: start)
        pace.received(limits.header, at: start)
        try pace.checkHeader()
        pace.received(1, at: start)
        #expect(throws: ConnectionPace.Fault.largeHeader) { try pace.checkHeader() }
    }
}
