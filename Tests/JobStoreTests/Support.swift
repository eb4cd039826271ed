import Foundation
import JSON
import Jobs
import Linux
import Measure
import Testing

@testable import JobStore

/// A folder that is gone after the test.
final class Folder: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("aibom-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func blobs() throws -> BlobStore { try BlobStore(in: OwnedDescriptor.directory(path)) }
    func jobs() throws -> JobStore { try JobStore(path: "\(path)/jobs.sqlite") }

    /// Every regular file below, by its path from here.
    func files() throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: path).filter {
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: "\(path)/\($0)", isDirectory: &isFolder)
                && !isFolder.boolValue
        }.sorted()
    }

    func write(_ bytes: [UInt8], as name: String) throws -> OwnedDescriptor {
        try Data(bytes).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
        return try open(name)
    }

    func open(_ name: String) throws -> OwnedDescriptor { try OwnedDescriptor.open("\(path)/\(name)", flags: 0) }
}

let ids = JobIDSource()

func newJob(owner: String = "uid:0", id: JobID = ids.next()) throws -> NewJob {
    let inputs = try InputRole.allCases.map { role in
        let name = try FileName("\(role.rawValue).bin", field: "file_name")
        return StoredInput(JobInput(role: role, fileName: name, digest: Digest.of(Array(role.rawValue.utf8))), size: 7)
    }
    let schema = try ParameterSchema(json: ["epochs": ["type": "integer", "default": 50, "minimum": 1]])
    return NewJob(
        id: id, owner: owner, rootfs: "keras", policy: "strict", inputs: inputs,
        parameters: try schema.effective(given: JSONObject()), metadata: try Metadata(json: ["author": "mé"]))
}

extension JobStore {
    /// A job that has gone through `states`, the first of which are received and queued.
    func job(through states: JobState...) throws -> Job {
        var job = try accept(newJob()).job
        for state in states.dropFirst(2) { job = try move(job.id, from: job.state, to: state) }
        return job
    }
}
