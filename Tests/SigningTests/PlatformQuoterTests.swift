import Foundation
import Glibc
import KeyTesting
import Keys
import Linux
import Measure
import PythonTesting
import Testing

@testable import Signing

/// The real process, and an emulated TPM behind it.
@Suite("process that holds the TPM", .serialized)
struct PlatformQuoterTests {
    private func quoter(_ tpm: SoftwareTPM) throws -> PlatformQuoter {
        try PlatformQuoter(
            executable: SignerTests.executable, device: try PlatformQuoter.open(tpm.socket), handle: SoftwareTPM.handle)
    }

    private let nonce = Digest.of(Array("the evidence".utf8))

    @Test("quotes what other programs take for a quote", arguments: SoftwareTPM.Kind.allCases)
    func interoperates(_ kind: SoftwareTPM.Kind) async throws {
        try await waiting {
            let tpm = try SoftwareTPM(kind)
            let quote = try quoter(tpm).quote(nonce)
            try Data(quote.attested).write(to: URL(filePath: tpm.file("quote")))
            try Data(quote.signature).write(to: URL(filePath: tpm.file("signature")))
            let check = { (nonce: String) in
                try tpm.run(
                    "tpm2_checkquote", "-u", tpm.file("ak.pub.pem"), "-m", tpm.file("quote"), "-s",
                    tpm.file("signature"), "-g", "sha256", "-q", nonce)
            }
            _ = try check(nonce.hex)
            #expect(throws: ToolFailure.self) { try check(Digest.of([]).hex) }
            let key = try PublicKeyText(pem: tpm.read("ak.pub.pem"))
            #expect(try quoter(tpm).key.der == key.der)
        }
    }

    @Test("enters a start once, and then only quotes")
    func enters() async throws {
        try await waiting {
            let tpm = try SoftwareTPM()
            let quoter = try quoter(tpm)
            #expect(try quoter.registers()[8] == PlatformRegisters.initial)
            let start = Digest.of([1])
            try quoter.enter(start)
            #expect(try quoter.registers()[8] == TPMAttestation.replay([start]))
            let quote = try quoter.quote(nonce)
            let attestation = try TPMAttestation(quote.attested)
            #expect(attestation.nonce == nonce.bytes)
            #expect(attestation.registerDigest == TPMAttestation.digest(of: quote.registers))
            let pid = quoter.processID
            #expect(throws: SigningError.self) { try quoter.enter(start) }
            #expect(quoter.processID == nil, "who asks twice is no honest supervisor: the process has ended")
            #expect(try quoter.quote(nonce).registers == quote.registers)
            #expect(quoter.processID != pid)
        }
    }

    @Test("has two descriptors to talk on, and nothing else", .enabled(if: geteuid() == 0 || TestsMustRun.isSet))
    func lockdown() async throws {
        try await waiting {
            let tpm = try SoftwareTPM()
            let quoter = try quoter(tpm)
            let pid = try #require(quoter.processID)
            let status = try Proc(pid: pid).status()
            #expect(status["Seccomp"] == "2")
            #expect(status["NoNewPrivs"] == "1")
            #expect(status["Uid"] == "61007\t61007\t61007\t61007")
            for set in ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"] {
                #expect(status[set] == "0000000000000000")
            }
            let open = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd").sorted()
            #expect(open == ["0", "1", "2", "3", "4"])
            #expect(try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/root/").isEmpty)
        }
    }

    @Test("one that is killed is replaced, and the TPM is not asked twice to enter a start")
    func replaced() async throws {
        try await waiting {
            let tpm = try SoftwareTPM()
            let quoter = try quoter(tpm)
            try quoter.enter(nonce)
            kill(try #require(quoter.processID), SIGKILL)
            #expect(throws: SigningError.self) { try quoter.quote(nonce) }
            #expect(try quoter.quote(nonce).registers[8] == TPMAttestation.replay([nonce]))
        }
    }

    @Test("a handle without a key, and a key that signs what others compose, start nothing")
    func unfit() async throws {
        try await waiting {
            let tpm = try SoftwareTPM()
            try tpm.makeKey("free", .p256, "sign", at: 0x8101_0003)
            for (handle, reason) in [(UInt32(0x8101_0009), "0x18b"), (0x8101_0003, "objectAttributes")] {
                let error = #expect(throws: SigningError.self) {
                    try PlatformQuoter(
                        executable: SignerTests.executable, device: try PlatformQuoter.open(tpm.socket), handle: handle)
                }
                #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
            }
        }
    }

    @Test("what no honest supervisor sends ends the conversation")
    func violations() async throws {
        try await waiting {
            let tpm = try SoftwareTPM()
            var desk = PlatformDesk(
                TPMDevice(try PlatformQuoter.open(tpm.socket)), handle: SoftwareTPM.handle)
            for kind in [PlatformVerb.registers, .enter, .quote] {
                #expect(throws: PlatformDesk.Violation.notNow(kind)) {
                    try desk.answer(
                        Frame(kind: kind.rawValue, payload: [UInt8](repeating: 0, count: kind.payloadLength)))
                }
            }
            _ = try desk.answer(Frame(kind: 1))
            #expect(throws: PlatformDesk.Violation.unknownVerb(9)) { try desk.answer(Frame(kind: 9)) }
            #expect(throws: PlatformDesk.Violation.length(.quote)) { try desk.answer(Frame(kind: 4, payload: [1])) }
            _ = try desk.answer(Frame(kind: 4, payload: nonce.bytes))
            #expect(throws: PlatformDesk.Violation.notNow(.enter)) {
                try desk.answer(Frame(kind: 3, payload: nonce.bytes))
            }
        }
    }
}

/// A public key of any kind, as OpenSSL's PEM has it.
private struct PublicKeyText {
    let der: [UInt8]

    init(pem: [UInt8]) throws {
        let lines = String(decoding: pem, as: UTF8.self).split(separator: "\n").filter { !$0.hasPrefix("-") }
        der = Array(try #require(Data(base64Encoded: lines.joined())))
    }
}
