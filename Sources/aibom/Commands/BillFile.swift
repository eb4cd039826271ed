import CLinux
import JSON
import Linux
import Measure

/// An AIBoM in a file.
struct BillFile {
    let json: JSON
    let digest: Digest

    /// Reads it as strictly as a verifier does: a key that stands twice is no document.
    static func read(_ path: String) throws(CommandError) -> BillFile {
        let bytes: [UInt8]
        do throws(LinuxError) {
            bytes = try OwnedDescriptor.open(path, flags: O_RDONLY, stage: "open").readAll(
                limit: JSON.Limits.document.bytes)
        } catch {
            throw .local("couldn't read \(path): \(error)", remedy: "give the aibom.json of a job")
        }
        do throws(JSONError) {
            return BillFile(json: try JSON.parse(bytes, limits: .document), digest: Digest.of(bytes))
        } catch {
            throw .local("\(path) is no AIBoM: \(error)", remedy: "fetch it again: aibom fetch")
        }
    }
}
