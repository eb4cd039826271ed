internal import JSON
internal import Jobs
internal import Linux

/// Reads the one thing of a job's that the supervisor ever parses: its report, JSON lines of a bounded size and depth.
///
/// Whatever is in it is the job's own word: it becomes progress, `reported` facts and the text of an error, never a decision
/// about what is hashed or signed. A line that does not parse is counted and dropped.
struct ReportReader {
    /// What a job says when it can't train.
    struct Fault: Equatable {
        let code: String
        let message: String
        let place: String
        let remedy: String
    }

    private static let lineLimits = JSON.Limits(bytes: 16 << 10, depth: 6, values: 4096)

    private let limit: Int
    private var total = 0
    private var line: [UInt8] = []
    private var lineIsTooLong = false
    private(set) var facts = JSONObject()
    /// What it said of the model that it trained, and of the data that it read.
    private(set) var model = JSONObject()
    private(set) var dataset = JSONObject()
    private(set) var fault: Fault?
    private var factEvents: Set<String> = []
    /// Lines that were no JSON, too long, of no known kind, or facts stated twice.
    private(set) var droppedLines = 0
    /// Bytes that came after the limit of the whole; they are not looked at.
    private(set) var droppedBytes = 0

    init(limit: Int) { self.limit = limit }

    /// Takes the next bytes of the report.
    ///
    /// - Returns: the epochs that ended in them.
    mutating func append(_ bytes: [UInt8]) -> [JobEvent.Kind] {
        let taken = bytes.prefix(limit - total)
        total += taken.count
        droppedBytes += bytes.count - taken.count
        var epochs: [JobEvent.Kind] = []
        for byte in taken {
            if byte == UInt8(ascii: "\n") {
                if let epoch = endLine() { epochs.append(epoch) }
            } else if line.count < Self.lineLimits.bytes {
                line.append(byte)
            } else {
                lineIsTooLong = true
            }
        }
        return epochs
    }

    private mutating func endLine() -> JobEvent.Kind? {
        defer {
            line.removeAll(keepingCapacity: true)
            lineIsTooLong = false
        }
        guard !lineIsTooLong, let value = try? JSON.parse(line, limits: Self.lineLimits) else {
            droppedLines += 1
            return nil
        }
        switch value["event"]?.stringValue {
        case "start": state(value.objectValue, by: "start")
        case "result": state(value["facts"]?.objectValue, by: "result")
        case "model": if isFirst("model") { model = value["facts"]?.objectValue ?? model }
        case "dataset": if isFirst("dataset") { dataset = value["facts"]?.objectValue ?? dataset }
        case "error": fault = fault ?? Fault(value)
        case "epoch":
            guard let epoch = value["epoch"]?.integerValue, let metrics = value["metrics"]?.objectValue else { break }
            return .epoch(Int(epoch), of: value["epochs"]?.integerValue.map(Int.init), metrics: metrics)
        default: droppedLines += 1
        }
        return nil
    }

    private mutating func state(_ stated: JSONObject?, by event: String) {
        if isFirst(event) { facts.merge(stated, except: "event") }
    }

    /// The first line of a kind counts. Four lines are all that facts may fill, so that no report can make an AIBoM too large to
    /// be signed.
    private mutating func isFirst(_ event: String) -> Bool {
        guard factEvents.insert(event).inserted else {
            droppedLines += 1
            return false
        }
        return true
    }

    /// Whether the job reported more than was taken.
    var isTruncated: Bool { droppedLines > 0 || droppedBytes > 0 }
}

extension ReportReader.Fault {
    /// Texts of the job's, cut to a length and made safe to print.
    fileprivate init(_ value: JSON) {
        func text(_ name: String) -> String {
            Display.name(Array((value[name]?.stringValue ?? "").utf8.prefix(1000)))
        }
        self.init(code: text("code"), message: text("message"), place: text("where"), remedy: text("remedy"))
    }
}

extension JSONObject {
    fileprivate mutating func merge(_ other: JSONObject?, except excluded: String? = nil) {
        for member in other?.members ?? [] where member.key != excluded { self[member.key] = member.value }
    }
}
