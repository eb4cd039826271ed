package import JSON
package import Measure

/// Something that happened to a job. A job's events are numbered from 1 without a gap.
package struct JobEvent: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        /// The job came into a state, in its `attempt`-th attempt.
        case state(JobState, attempt: Int)
        /// The job reports the end of an epoch; its metrics are the job's own word.
        case epoch(Int, of: Int?, metrics: JSONObject)
        /// The job tried a system call that its policy puts on record, for the first time; the registers by value.
        case denied(String, arguments: [UInt64])
        /// A sentence of the supervisor's for whoever waits.
        case note(String)
    }

    package let sequence: Int
    package let time: Instant
    package let kind: Kind

    package init(sequence: Int, time: Instant, kind: Kind) {
        self.sequence = sequence
        self.time = time
        self.kind = kind
    }

    /// Nothing follows an event that says so.
    package var isLast: Bool {
        if case .state(let state, _) = kind { state.isFinal } else { false }
    }
}

extension JobEvent.Kind {
    package var name: String {
        switch self {
        case .state: "state"
        case .epoch: "epoch"
        case .denied: "denied"
        case .note: "note"
        }
    }

    package var payload: JSON {
        switch self {
        case .state(let state, let attempt): ["state": .string(state.rawValue), "attempt": .integer(Int64(attempt))]
        case .epoch(let epoch, let total, let metrics):
            [
                "epoch": .integer(Int64(epoch)), "epochs": total.map { .integer(Int64($0)) } ?? .null,
                "metrics": .object(metrics),
            ]
        case .denied(let call, let arguments):
            // In hexadecimal, as strings: a register holds 64 bits, of which a JSON number keeps 53.
            [
                "call": .string(call),
                "arguments": .array(arguments.map { .string("0x\(String($0, radix: 16))") }),
            ]
        case .note(let text): ["text": .string(text)]
        }
    }

    package init?(name: String, payload: JSON) {
        switch name {
        case "state":
            guard let state = payload["state"]?.stringValue.flatMap(JobState.init),
                let attempt = payload["attempt"]?.integerValue
            else { return nil }
            self = .state(state, attempt: Int(attempt))
        case "epoch":
            guard let epoch = payload["epoch"]?.integerValue, let metrics = payload["metrics"]?.objectValue else {
                return nil
            }
            self = .epoch(Int(epoch), of: payload["epochs"]?.integerValue.map(Int.init), metrics: metrics)
        case "denied":
            guard let call = payload["call"]?.stringValue, let list = payload["arguments"]?.arrayValue else {
                return nil
            }
            let arguments = list.compactMap { $0.stringValue.flatMap { UInt64($0.dropFirst(2), radix: 16) } }
            guard arguments.count == list.count else { return nil }
            self = .denied(call, arguments: arguments)
        case "note":
            guard let text = payload["text"]?.stringValue else { return nil }
            self = .note(text)
        default: return nil
        }
    }
}

extension JobEvent {
    package var json: JSON {
        [
            "sequence": .integer(Int64(sequence)), "time": .string(time.description), "kind": .string(kind.name),
            "event": kind.payload,
        ]
    }

    package init?(json: JSON) {
        guard let sequence = json["sequence"]?.integerValue, let time = json["time"]?.stringValue.flatMap(Instant.init),
            let name = json["kind"]?.stringValue, let payload = json["event"],
            let kind = Kind(name: name, payload: payload)
        else { return nil }
        self.init(sequence: Int(sequence), time: time, kind: kind)
    }
}
