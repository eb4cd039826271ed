internal import Attest
internal import JSON
internal import Jobs
internal import Measure

/// A seal that was begun: the documents that will be signed and what will be published with them.
///
/// Written durably before the job is `sealing`, so that a supervisor that died there signs the same bytes after its restart
/// and publishes once.
struct PendingSeal: Equatable {
    /// `aibom.json`, stored; nil for a job of which nothing ran, or of which nothing else is left.
    let bill: Blob?
    /// What is published and not signed by itself: what the job left, and the record of the platform. All stored.
    let artifacts: [Artifact]
    /// Why there is no model; nil when there is one.
    let failure: Problem?
    let work: Work

    enum Work: Equatable {
        /// Payloads of statements, in the order of their file, and that of the model's signature.
        case toSign(statements: [[UInt8]], model: [UInt8]?)
        case signed(SignedSeal)
    }

    /// All that must be there still when it is published.
    var blobs: [Blob] {
        var artifacts = self.artifacts
        if case .signed(let seal) = work { artifacts += seal.artifacts }
        return (bill.map { [$0] } ?? []) + artifacts.map(\.blob)
    }

    var isSigned: Bool { if case .signed = work { true } else { false } }

    func signed(_ seal: SignedSeal) -> PendingSeal {
        PendingSeal(bill: bill, artifacts: artifacts, failure: failure, work: .signed(seal))
    }
}

/// A seal that is signed and not entered in the audit log yet, or not known to be.
///
/// Written durably before it is entered: a signature is another one each time it is made, and the log must not name two.
struct SignedSeal: Equatable {
    /// Everything that is published, but for the proof.
    let artifacts: [Artifact]
    let time: Instant
    /// How many entries the log had before.
    let logSize: UInt64
    let isFailure: Bool
}

/// The record's form: a line of JSON, and below it a line for each payload, which as compact JSON has no line end in it.
extension PendingSeal {
    var bytes: [UInt8] {
        var head = JSONObject()
        head["bill"] = bill?.json ?? .null
        head["artifacts"] = .array(artifacts.map(\.json))
        head["failure"] = failure?.json ?? .null
        var lines: [[UInt8]] = []
        switch work {
        case .toSign(let statements, let model):
            head["statements"] = .integer(Int64(statements.count))
            head["model"] = .bool(model != nil)
            lines = statements + (model.map { [$0] } ?? [])
        case .signed(let seal): head["signed"] = seal.json
        }
        return ([JSON.object(head).compactBytes()] + lines).flatMap { $0 + [UInt8(ascii: "\n")] }
    }

    /// - Returns: nil for what is no whole record: nothing of it can be trusted then.
    init?(bytes: [UInt8]) {
        guard bytes.last == UInt8(ascii: "\n") else { return nil }
        var lines = bytes.dropLast().split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map(
            Array.init)
        guard let head = try? JSON.parse(lines.removeFirst(), limits: .document), let bill = head["bill"],
            let failure = head["failure"], let list = head["artifacts"]?.arrayValue
        else { return nil }
        self.bill = Blob(json: bill)
        self.failure = Problem(json: failure)
        artifacts = list.compactMap(Artifact.init(json:))
        // What is there and does not read is not nothing: a failure would become a success by it.
        guard artifacts.count == list.count, (self.bill == nil) == (bill == .null),
            (self.failure == nil) == (failure == .null)
        else { return nil }
        if let signed = head["signed"] {
            guard let seal = SignedSeal(json: signed, isFailure: self.failure != nil), lines.isEmpty else { return nil }
            work = .signed(seal)
        } else {
            guard let count = head["statements"]?.integerValue.flatMap(Int.init(exactly:)), count > 0,
                let hasModel = head["model"]?.boolValue, lines.count == count + (hasModel ? 1 : 0)
            else { return nil }
            work = .toSign(statements: Array(lines[..<count]), model: hasModel ? lines[count] : nil)
        }
    }
}

extension SignedSeal {
    fileprivate var json: JSON {
        [
            "artifacts": .array(artifacts.map(\.json)), "time": .string(time.description),
            "log_size": .integer(Int64(clamping: logSize)),
        ]
    }

    fileprivate init?(json: JSON, isFailure: Bool) {
        guard let list = json["artifacts"]?.arrayValue, let time = json["time"]?.stringValue.flatMap(Instant.init),
            let size = json["log_size"]?.integerValue.flatMap({ UInt64(exactly: $0) })
        else { return nil }
        let artifacts = list.compactMap(Artifact.init(json:))
        guard artifacts.count == list.count else { return nil }
        self.init(artifacts: artifacts, time: time, logSize: size, isFailure: isFailure)
    }
}
