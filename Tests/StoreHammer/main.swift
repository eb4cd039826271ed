// Writes to the store in the folder of its argument until it is killed: after each thing that is durable, a line says so.
import JSON
import JobStore
import Jobs
import Linux
import Measure

let state = try OwnedDescriptor.directory(CommandLine.arguments[1])
let blobs = try BlobStore(in: state)
let jobs = try JobStore(path: "\(CommandLine.arguments[1])/jobs.sqlite")
let ids = JobIDSource()
let output = OwnedDescriptor(owning: 1)

for number in 0..<100_000 {
    var writer = try blobs.writer(limit: 1 << 20)
    for piece in 0..<16 { try writer.append([UInt8](repeating: UInt8(piece), count: 4096 + number).span.bytes) }
    let blob = try writer.finish()
    let input = JobInput(role: .dataset, fileName: try FileName("d.csv", field: "f"), digest: blob.digest)
    let new = NewJob(
        id: ids.next(), owner: "uid:0", rootfs: "keras", policy: "strict",
        inputs: [StoredInput(input, size: blob.size)],
        parameters: [], metadata: Metadata())
    try jobs.accept(new)
    try jobs.move(new.id, from: .received, to: .queued)
    try output.write(Array("\(new.id)\n".utf8))
}
