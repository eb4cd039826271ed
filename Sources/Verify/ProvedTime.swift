internal import Measure

/// A moment at which the evidence was there, by the word of somebody who does not hold the signer's key.
struct ProvedTime {
    let time: Instant
    let voucher: Check.Voucher
}

extension Verifier {
    /// The earliest proof says the most.
    mutating func prove(_ time: Instant, by voucher: Check.Voucher) {
        if let provedTime, provedTime.time <= time { return }
        provedTime = ProvedTime(time: time, voucher: voucher)
    }
}
