import Foundation
import KeyTesting
import Keys
import Linux
import Measure
import PythonTesting
import Testing
import Verify

@testable import Supervisor

@Suite("starts in the TPM's register", .serialized)
struct PlatformTPMTests {
    /// The real `aibom-signer`, beside the test bundle where SwiftPM builds it.
    private static let signer =
        Bundle.allBundles.map { $0.bundleURL.deletingLastPathComponent().appending(path: "aibom-signer").path }
        .first { FileManager.default.isExecutableFile(atPath: $0) }
        ?? URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "aibom-signer").path

    private let first = Digest.of([1])
    private let second = Digest.of([2])

    @Test("a register is explained by its starts, or by all of them but one that was never entered")
    func explains() throws {
        let listed = [first, second]
        #expect(try PlatformStarts.explaining(TPMAttestation.replay(listed), listed) == listed)
        #expect(try PlatformStarts.explaining(TPMAttestation.replay([first]), listed) == [first])
        #expect(try PlatformStarts.explaining(PlatformRegisters.initial, listed) == [], "a reboot")
        for other in [[second], [second, first], [first, first]] {
            #expect(throws: (any Error).self) {
                try PlatformStarts.explaining(TPMAttestation.replay(other), listed)
            }
        }
    }

    @Test("what a supervisor publishes is what a verifier takes, start after start")
    func published() async throws {
        try await waiting {
            let tpm = try SoftwareTPM()
            let folder = try OwnedDescriptor.directory(tpm.file("platform"))
            let bill = Digest.of([3])
            let place = PlatformTPM.Place(
                device: tpm.socket, handle: SoftwareTPM.handle, certificates: tpm.file("ak.crt"))
            let authorities = try QuoteAuthorities(pem: tpm.read("ca.pem"))
            let machine = try FakeMachine()
            for count in 1...3 {
                let device = try PlatformTPM(place, signer: Self.signer)
                var subject = try machine.subject()
                subject.tpm = device.fact
                let measured = try PlatformMeasurement(of: subject, at: Instant(milliseconds: Int64(count)))
                let starts = try device.enter(measured.digest, in: folder)
                #expect(starts.digests.count == count)
                let finding = try Quote.check(
                    try device.document(over: bill, starts), bill: bill, platform: measured.bytes,
                    authorities: authorities, at: Instant(milliseconds: Instant.now().milliseconds + 1000))
                #expect(finding.starts == count)
                #expect(finding.authority == "/CN=authority ca")
            }
        }
    }

    @Test("a register that somebody else entered something in is refused, and so is a list of another machine")
    func foreign() async throws {
        try await waiting {
            let tpm = try SoftwareTPM()
            let folder = try OwnedDescriptor.directory(tpm.file("platform"))
            let place = PlatformTPM.Place(device: tpm.socket, handle: SoftwareTPM.handle)
            _ = try PlatformTPM(place, signer: Self.signer).enter(first, in: folder)
            let other = try OwnedDescriptor.directory(tpm.file("other"))
            #expect(throws: SupervisorError.self) {
                try PlatformTPM(place, signer: Self.signer).enter(second, in: other)
            }
            try tpm.run("tpm2_pcrextend", "13:sha256=\(second.hex)")
            let error = #expect(throws: SupervisorError.self) {
                try PlatformTPM(place, signer: Self.signer).enter(second, in: folder)
            }
            #expect(error?.description.contains("do not explain") == true)
        }
    }

    @Test("a TPM that is asked for and is not there is no start")
    func missing() {
        let place = PlatformTPM.Place(device: "/dev/no-such-tpm", handle: 1)
        #expect(throws: SupervisorError.self) { try PlatformTPM(place, signer: Self.signer) }
    }
}
