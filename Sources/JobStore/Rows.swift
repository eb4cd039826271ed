internal import Foundation
internal import GRDB
internal import JSON
internal import Jobs
internal import Measure

// What a row says, as values. A column that we could not have written is an error, never a guess.

extension StoreError {
    static func unreadable(_ column: String) -> StoreError {
        .database(stage: "read \(column)", detail: "not a value that this version writes")
    }
}

extension Digest {
    var data: Data { Data(bytes) }
}

extension Row {
    func value<Value>(_ column: String, _ read: (String) -> Value?) throws -> Value {
        let text: String? = self[column]
        guard let text, let value = read(text) else { throw StoreError.unreadable(column) }
        return value
    }

    func jobID(_ column: String) throws -> JobID { try value(column, JobID.init) }

    func state() throws -> JobState { try value("state", JobState.init) }

    func json(_ column: String) throws -> JSON {
        try value(column) { try? JSON.parse(Array($0.utf8), limits: .document) }
    }

    func digest(_ column: String) throws -> Digest {
        let data: Data? = self[column]
        guard let data, let digest = Digest(bytes: Array(data)) else { throw StoreError.unreadable(column) }
        return digest
    }

    func size() throws -> UInt64 {
        let size: Int64? = self["size"]
        guard let size, let size = UInt64(exactly: size) else { throw StoreError.unreadable("size") }
        return size
    }

    func time() throws -> Instant {
        let milliseconds: Int64? = self["at"]
        guard let milliseconds else { throw StoreError.unreadable("at") }
        return Instant(milliseconds: milliseconds)
    }

    func job(id: JobID, inputs: [Row], times: [Row]) throws -> Job {
        guard let parameters = [EffectiveParameter](json: try json("parameters")) else {
            throw StoreError.unreadable("parameters")
        }
        let problem: String? = self["problem"]
        let stored = try inputs.map { try $0.storedInput() }
        return Job(
            id: id, owner: self["owner"], state: try state(), rootfs: self["rootfs"], policy: self["policy"],
            attempt: self["attempt"],
            inputs: InputRole.allCases.compactMap { role in
                stored.first { $0.input.role == role }
            },
            parameters: parameters, metadata: try Metadata(json: try json("metadata")),
            problem: try problem.map { _ in try json("problem") }.flatMap(Problem.init(json:)),
            times: Dictionary(uniqueKeysWithValues: try times.map { (try $0.state(), try $0.time()) }),
            resources: try resources(), priority: self["priority"], maxAttempts: self["max_attempts"],
            isCancelAsked: self["cancel_asked"] != nil, inputsDeleted: moment("inputs_deleted"),
            traceparent: self["traceparent"])
    }

    func resources() throws -> Resources {
        func number(_ column: String) throws -> UInt64 {
            let number: Int64? = self[column]
            guard let number, let number = UInt64(exactly: number) else { throw StoreError.unreadable(column) }
            return number
        }
        return Resources(
            cpuMillicores: try number("cpu_millicores"), memoryBytes: try number("memory_bytes"),
            gpus: try number("gpus"))
    }

    /// A time that need not be there.
    func moment(_ column: String) -> Instant? {
        let milliseconds: Int64? = self[column]
        return milliseconds.map(Instant.init(milliseconds:))
    }

    func storedInput() throws -> StoredInput {
        let role = try value("role", InputRole.init)
        let name = try FileName(self["file_name"], field: "file_name")
        return StoredInput(JobInput(role: role, fileName: name, digest: try digest("digest")), size: try size())
    }

    func artifact() throws -> Artifact {
        let blob = Blob(digest: try digest("digest"), size: try size())
        return Artifact(name: self["name"], role: try value("role", ArtifactRole.init), blob: blob)
    }

    func event() throws -> JobEvent {
        let name: String = self["kind"]
        guard let kind = JobEvent.Kind(name: name, payload: try json("payload")) else {
            throw StoreError.unreadable("events.kind")
        }
        return JobEvent(sequence: self["sequence"], time: try time(), kind: kind)
    }
}
