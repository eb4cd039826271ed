import ArgumentParser
import CLinux
import Foundation
import Keys
import Linux
import Measure
import Verify

/// `aibom bench verify`: all checks of one bundle, beside `openssl dgst -verify` over its AIBoM alone.
struct BenchVerify: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Verification of a folder of evidence, with and without hashing its files.")

    @Argument(help: "A folder that aibom fetch filled.", completion: .directory) var folder: String
    @Option(help: "The signer's public key as PEM.", completion: .file()) var key: String
    @Option(name: .shortAndLong, help: "Rounds.") var number = 50
    @Flag(help: "Print one JSON document.") var json = false

    func validate() throws {
        guard (1...10_000).contains(number) else { throw ValidationError("-n takes 1 to 10000") }
    }

    func run() throws {
        let pem = try OwnedDescriptor.open(key, flags: O_RDONLY, stage: "open key").readAll(limit: 1 << 16)
        let trust = VerifierTrust(try PublicKey(pem: pem))
        var (ours, bare, openssl) = (Figures("verify"), Figures("without hashing"), Figures("openssl"))
        for _ in 0..<number {
            var holds = false
            let all = microseconds { holds = Verifier.verify(directory: folder, trust: trust).holds }
            guard holds else {
                throw CommandError.damaged(
                    "\(folder) does not verify", remedy: "see why: aibom verify \(folder) --key \(key)")
            }
            let hashing = try hashing()
            ours.add(microseconds: all)
            bare.add(microseconds: max(0, all - hashing))
            openssl.add(microseconds: try verifyOnce())
        }
        Comparison(subject: "verify", ours: ours, peers: [openssl], others: [bare]).print(asDocument: json)
    }

    private func microseconds(_ body: () throws -> Void) rethrows -> Double {
        let taken = try ContinuousClock().measure(body).components
        return Double(taken.seconds) * 1e6 + Double(taken.attoseconds) / 1e12
    }

    /// What reading and hashing every file of the folder takes by itself.
    private func hashing() throws -> Double {
        let directory = try OwnedDescriptor.open(folder, flags: O_RDONLY | O_DIRECTORY, stage: "open folder")
        let names = try directory.names(limit: 10_000)
        return try microseconds {
            for name in names { _ = try Digest.of(file: try directory.openEntry(name)) }
        }
    }

    private func verifyOnce() throws -> Double {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/openssl")
        process.arguments = [
            "dgst", "-sha256", "-verify", key, "-signature", "\(folder)/aibom.sig", "\(folder)/aibom.json",
        ]
        process.standardOutput = FileHandle.nullDevice
        return try microseconds {
            try process.run()
            process.waitUntilExit()
        }
    }
}
