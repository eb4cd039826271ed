import JSON
import Jobs

/// Server-sent events from bytes that come in any pieces.
struct EventReader {
    /// An event of ours fits many times over; what is longer is not one.
    private static let lineLimit = 1 << 20

    private var line: [UInt8] = []
    private var data: [UInt8] = []

    /// Takes the next bytes and answers the events that are complete with them.
    mutating func read(_ bytes: some Sequence<UInt8>) throws(CommandError) -> [JobEvent] {
        var events: [JobEvent] = []
        for byte in bytes {
            guard byte == 0x0a else {
                line.append(byte)
                guard line.count <= EventReader.lineLimit else { throw .unintelligible("events") }
                continue
            }
            if let event = try finishLine() { events.append(event) }
        }
        return events
    }

    /// An empty line ends an event; of the rest, only `data` says more than the data itself does.
    private mutating func finishLine() throws(CommandError) -> JobEvent? {
        defer { line.removeAll(keepingCapacity: true) }
        guard line.isEmpty else {
            let field = Array("data: ".utf8)
            if line.starts(with: field) { data = Array(line.dropFirst(field.count)) }
            return nil
        }
        guard !data.isEmpty else { return nil }
        defer { data = [] }
        guard let json = try? JSON.parse(data, limits: .document), let event = JobEvent(json: json) else {
            throw .unintelligible("events")
        }
        return event
    }
}
