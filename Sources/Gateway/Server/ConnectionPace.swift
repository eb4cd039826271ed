internal import NIOCore

/// Whether a connection keeps pace, as a value: told what happens and when, it says when the other end is too slow.
///
/// Only time in which we wait for the other end counts against it, never time in which we were not reading.
struct ConnectionPace {
    enum Fault: Error, Equatable {
        /// No request came; nothing is owed an answer.
        case idle
        case slowHeader
        case largeHeader
        case slowBody
        /// The reader takes nothing.
        case stalled
    }

    private enum Phase {
        case waiting(since: NIODeadline, isFirst: Bool)
        case header(since: NIODeadline, bytes: Int)
        case exchange
    }

    private let limits: GatewayLimits
    private var phase: Phase
    /// Requests whose answer is not written yet; more than one where a client sends the next without waiting.
    private var exchanges = 0
    private var bodyIsOpen = false
    /// Since when we wait for bytes; nil while we don't read.
    private var demand: NIODeadline?
    private var waited = TimeAmount.zero
    private var received: UInt64 = 0
    private var unwritable: NIODeadline?

    init(_ limits: GatewayLimits, at now: NIODeadline) {
        self.limits = limits
        phase = .waiting(since: now, isFirst: true)
    }

    mutating func asked(at now: NIODeadline) { if demand == nil { demand = now } }

    mutating func received(_ bytes: Int, at now: NIODeadline) {
        count(until: now)
        demand = nil
        received &+= UInt64(bytes)
        switch phase {
        case .waiting: phase = .header(since: now, bytes: bytes)
        case .header(let since, let before): phase = .header(since: since, bytes: before + bytes)
        case .exchange: break
        }
    }

    /// To be called when what was received has been decoded: one read may bring a header and any part of the body behind it, and by TLS that is
    /// hundreds of kilobytes. What is of no body by then is all header.
    func checkHeader() throws(Fault) {
        if case .header(_, let bytes) = phase, bytes > limits.header { throw .largeHeader }
    }

    mutating func headerEnded(at now: NIODeadline) {
        phase = .exchange
        exchanges += 1
        bodyIsOpen = true
        (waited, received) = (.zero, 0)
        if demand != nil { demand = now }
    }

    mutating func bodyEnded() { bodyIsOpen = false }

    mutating func answered(at now: NIODeadline) {
        exchanges -= 1
        if exchanges == 0, !bodyIsOpen { phase = .waiting(since: now, isFirst: false) }
    }

    mutating func writable(_ isWritable: Bool, at now: NIODeadline) {
        unwritable = isWritable ? nil : unwritable ?? now
    }

    /// Called every second or so.
    mutating func check(at now: NIODeadline) throws(Fault) {
        if let unwritable, now - unwritable >= .seconds(Int64(limits.stallSeconds)) { throw .stalled }
        switch phase {
        case .waiting(let since, let isFirst):
            let limit = isFirst ? limits.headerSeconds : limits.idleSeconds
            if now - since >= .seconds(Int64(limit)) { throw .idle }
        case .header(let since, _):
            if now - since >= .seconds(Int64(limits.headerSeconds)) { throw .slowHeader }
        case .exchange:
            if bodyIsOpen { try checkRate(at: now) }
        }
    }

    private mutating func checkRate(at now: NIODeadline) throws(Fault) {
        count(until: now)
        guard waited >= .seconds(Int64(limits.rateSeconds)) else { return }
        if received < limits.uploadRate * UInt64(limits.rateSeconds) { throw .slowBody }
        (waited, received) = (.zero, 0)
    }

    private mutating func count(until now: NIODeadline) {
        guard let since = demand else { return }
        waited = waited + (now - since)
        demand = now
    }
}
