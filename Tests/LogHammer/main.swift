// Appends to the log in the folder of its argument, with several writers, until it is killed: a line says what is safe.
//
//     number text        the entry is durable
//     # base64           the checkpoint's note, published
import AuditLog
import Dispatch
import Foundation
import Linux
import Measure

let folder = CommandLine.arguments[1]
let run = CommandLine.arguments[2]
let writers = Int(CommandLine.arguments[3]) ?? 4
let output = OwnedDescriptor(owning: 1)
let signer = try MemoryNoteSigner(
    name: "trainrunner.example/log", kind: .ed25519, seed: Digest.of(Array("log".utf8)))
var options = Log.Options()
// Small files and short waits, so that every step comes often.
options.journalFileSize = 64 << 10
options.lag = 0.01
let log = try Log(
    in: OwnedDescriptor.directory("\(folder)/log"), signer: signer,
    headFile: HeadFile("head", in: OwnedDescriptor.directory("\(folder)/heads")), options: options)

DispatchQueue.concurrentPerform(iterations: writers) { writer in
    for number in 0..<100_000 {
        let text = "run-\(run)-writer-\(writer)-entry-\(number)-" + String(repeating: "x", count: number % 700)
        do {
            let receipt = try log.append([Array(text.utf8)], until: number % 7 == 0 ? .published : .durable)
            var line = Array("\(receipt.index) \(text)\n".utf8)
            if let note = receipt.checkpoint?.note.bytes { line += Array("# \(Base64.encode(note))\n".utf8) }
            try output.write(line)
        } catch {
            FileHandle.standardError.write(Data("hammer: \(error)\n".utf8))
            exit(1)
        }
    }
}
