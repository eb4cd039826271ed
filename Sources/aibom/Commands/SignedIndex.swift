import CLinux
import Foundation
import Linux
import Measure
import Vulnerabilities

/// A distribution's index of packages whose signature was checked.
enum SignedIndex {
    private static let limit = 512 << 20

    static func read(release: String, packages: String, keyring: String) throws -> DistributionIndex {
        let signed = try verified(release, keyring)
        let bytes: [UInt8]
        do throws(LinuxError) {
            bytes = try OwnedDescriptor.open(packages, flags: O_RDONLY, stage: "open index").readAll(limit: limit)
        } catch {
            throw CommandError.local(
                "couldn't read \(packages): \(error)", remedy: "give an uncompressed Packages file")
        }
        guard DistributionIndex.isListed(in: signed, sha256: Digest.of(bytes).hex, size: bytes.count) else {
            throw CommandError.damaged(
                "\(release) does not list \(packages)", remedy: "download both at the same time, and unpack the index")
        }
        let index = DistributionIndex(parsing: String(decoding: bytes, as: UTF8.self))
        guard !index.isEmpty else {
            throw CommandError.local("\(packages) names no package", remedy: "give an uncompressed Packages file")
        }
        return index
    }

    /// The text that the signature is over, as gpgv puts it out: what stands around it in the file was signed by nobody.
    private static func verified(_ release: String, _ keyring: String) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/gpgv")
        process.arguments = ["--quiet", "--keyring", keyring, "--output", "-", release]
        let output = Foundation.Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        do { try process.run() } catch {
            throw CommandError.local("gpgv could not be started: \(error)", remedy: "apt-get install gpgv")
        }
        let text = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw CommandError.damaged(
                "the signature of \(release) does not hold by the keys in \(keyring)", remedy: "download it again")
        }
        return String(decoding: text, as: UTF8.self)
    }
}
