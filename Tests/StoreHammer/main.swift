// Writes to the store in the folder of its argument until it is killed: after each thing that is durable, a line says so.
//
// With `--connections N` behind the folder it measures instead: N threads submit for five seconds, each after the other's answer.
import Foundation
import JSON
import JobStore
import Jobs
import Linux
import Measure
import Synchronization

try CrashPoint.arm()
let state = try OwnedDescriptor.directory(CommandLine.arguments[1])
let blobs = try BlobStore(in: state)
let jobs = try JobStore(path: "\(CommandLine.arguments[1])/jobs.sqlite")
let ids = JobIDSource()
let output = OwnedDescriptor(owning: 1)

@Sendable func job(_ blob: Blob) throws -> NewJob {
    let input = JobInput(role: .dataset, fileName: try FileName("d.csv", field: "f"), digest: blob.digest)
    return NewJob(
        id: ids.next(), owner: "uid:0", rootfs: "keras", policy: "strict",
        inputs: [StoredInput(input, size: blob.size)], parameters: [], metadata: Metadata())
}

func write() throws {
    for number in 0..<100_000 {
        var writer = blobs.writer(limit: 1 << 20)
        for piece in 0..<16 {
            try writer.append([UInt8](repeating: UInt8(piece), count: 4096 + number).span.bytes)
        }
        let new = try job(try writer.finish())
        try jobs.accept(new)
        try output.write(Array("\(new.id)\n".utf8))
    }
}

func measure(_ connections: Int) throws {
    let blob = try blobs.store([1, 2, 3])
    let seconds = 5.0
    let end = Date(timeIntervalSinceNow: seconds)
    let times = Mutex<[Double]>([])
    let group = DispatchGroup()
    for number in 0..<connections {
        group.enter()
        Thread.detachNewThread {
            defer { group.leave() }
            var own: [Double] = []
            while Date() < end {
                let start = Date()
                let key = IdempotencyKey("\(number) \(own.count)", request: blob.digest)
                guard let new = try? job(blob), (try? jobs.accept(new, key: key)) != nil else { break }
                own.append(Date().timeIntervalSince(start))
            }
            times.withLock { $0 += own }
        }
    }
    group.wait()
    let sorted = times.withLock { $0.sorted() }
    let report: JSON = [
        "connections": .integer(Int64(connections)),
        "submits_per_second": .integer(Int64(Double(sorted.count) / seconds)),
        "median_us": .integer(Int64(sorted[sorted.count / 2] * 1e6)),
        "p99_us": .integer(Int64(sorted[sorted.count * 99 / 100] * 1e6)),
    ]
    try output.write(Array("\(report)\n".utf8))
}

if CommandLine.arguments.count == 4, CommandLine.arguments[2] == "--connections",
    let connections = Int(CommandLine.arguments[3]), connections > 0
{
    try measure(connections)
} else {
    try write()
}
