/// What a job tried of the calls that its policy puts on record, counted without bound and listed within one.
package struct DeniedCalls: Equatable, Sendable {
    /// One call with one set of arguments.
    package struct Attempt: Equatable, Sendable {
        /// As the kernel's tables have it, or `syscall N` where no name is known.
        package let name: String
        /// By value, as the registers held them; memory that one points to was never read.
        package let arguments: [UInt64]
        /// Of the first time: microseconds after the launch, and the thread, as the host counts.
        package let microseconds: Int64
        package let thread: UInt32
        package internal(set) var count: UInt64
    }

    /// Attempts that are listed with their arguments.
    package static let listed = 64

    /// In the order in which each was first made.
    package private(set) var attempts: [Attempt] = []
    /// How often each call was tried, with whatever arguments.
    package private(set) var counts: [String: UInt64] = [:]

    package init() {}

    /// All attempts together.
    package var total: UInt64 { counts.values.reduce(0, +) }

    /// Counts one attempt.
    ///
    /// - Returns: the attempt, when this call, by name, was not tried before.
    mutating func add(_ name: String, _ arguments: [UInt64], thread: UInt32, at microseconds: Int64) -> Attempt? {
        let attempt = Attempt(
            name: name, arguments: arguments, microseconds: microseconds, thread: thread, count: 1)
        let isFirst = counts[name] == nil
        counts[name, default: 0] += 1
        if let place = attempts.firstIndex(where: { $0.name == name && $0.arguments == arguments }) {
            attempts[place].count += 1
        } else if attempts.count < Self.listed {
            attempts.append(attempt)
        }
        return isFirst ? attempt : nil
    }
}
