import Attest
import Foundation
import JSON

/// Jobs of which the golden documents are made.
enum Fixtures {
    static let names = ["completed", "failed", "sparse", "hostile", "bare"]

    static func facts(_ name: String) throws -> JobFacts {
        switch name {
        case "completed": try completed()
        case "failed": try failed()
        case "sparse": try sparse()
        case "bare": try bare()
        default: try hostile()
        }
    }

    static func digest(_ digit: Character) -> String { String(repeating: digit, count: 64) }

    private static func base(_ outcome: JobFacts.Outcome, started: String?) -> JobFacts {
        JobFacts(
            job: "0198f3c2-7b1e-7c3a-9f00-0123456789ab", attempt: 1, outcome: outcome,
            submitted: "2026-11-23T05:42:23.123Z", started: started, finished: "2026-11-23T05:43:00.000Z",
            rootfs: .init(
                name: "keras", image: .init(name: "keras.erofs", sha256: digest("1"), size: 734_003_200),
                recipe: digest("2"), inventory: digest("3"), verity: digest("4"),
                components: [
                    "schema": "aibom-inventory/1",
                    "components": [
                        [
                            "source": "debian", "name": "libc6", "version": "2.36-9+deb12u13",
                            "purl": "pkg:deb/debian/libc6@2.36-9%2Bdeb12u13?arch=amd64&distro=bookworm",
                            "licenses": ["LGPL-2.1-or-later", "a licence without an id"],
                            "sha256": .string(digest("5")), "filename": "libc6_2.36-9+deb12u13_amd64.deb",
                        ],
                        ["source": "pypi", "name": "keras", "version": "3.12.0", "purl": "pkg:pypi/keras@3.12.0"],
                    ],
                ]),
            supervisor: .init(version: "0.1.0", executable: digest("6"), signer: digest("7")),
            policy: .init(name: "training-cpu", digest: digest("8")),
            builderID: "https://aibomgen.example/supervisor/v1", keyID: digest("9"))
    }

    static func completed() throws -> JobFacts {
        var facts = base(.completed, started: "2026-11-23T05:42:24.001Z")
        facts.inputs = [
            .init(role: .model, file: .init(name: "mnist.keras", sha256: digest("a"), size: 1_048_576)),
            .init(role: .dataset, file: .init(name: "digits.csv", sha256: digest("b"), size: 4096)),
            .init(role: .definition, file: .init(name: "definition.yaml", sha256: digest("c"), size: 512)),
        ]
        facts.outputs = [
            .init(role: .model, file: .init(name: "trained_model.keras", sha256: digest("d"), size: 1_048_600)),
            .init(role: .metrics, file: .init(name: "metrics.json", sha256: digest("e"), size: 321)),
            .init(role: .logs, file: .init(name: "logs.txt", sha256: digest("f"), size: 2048)),
        ]
        facts.parameters = [
            .init(name: "epochs", value: 3, source: .submitter),
            .init(name: "validation_split", value: try decimal("0.2"), source: .defaults),
            .init(name: "learning_rate", value: nil, source: .defaults),
        ]
        facts.declared = answers.map { .init(key: $0.key, value: $0.value) } + [.init(key: "team", value: "vision")]
        facts.program = .init(
            arguments: ["/usr/bin/python3.11", "-m", "trainer"], environment: ["NPROC=4", "PYTHONHASHSEED=0"])
        facts.operatorName = "Example Labs"
        facts.securityPolicy = "https://labs.example/.well-known/security.txt"
        facts.tape = digest("0")
        facts.confinement = [
            .init(.noNetwork, "network: none"),
            .init(.seccompEnforced, "system calls: 79-instruction filter", evidence: .filter),
            .init(nil, "files: no Landlock"),
        ]
        facts.policy.filter = digest("7")
        facts.platform = .init(name: "platform.json", sha256: digest("4"), size: 2345)
        facts.request = .init(
            cpuMillicores: 2000, memoryBytes: 2_147_483_648, gpus: 1, priority: 0, maxAttempts: 3,
            traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
        facts.limits = [.init(name: "memory.bytes", value: "2147483648"), .init(name: "wall.s", value: "3600")]
        facts.environment = .init(
            kernelRelease: "6.1.0", kernelVersion: "#1 SMP", machine: "x86_64", cpuModel: "A CPU", logicalCPUs: 2,
            memoryBytes: 8_589_934_592, accelerators: ["NVIDIA H100 80GB HBM3"], acceleratorDriver: "550.54.15")
        facts.usage = .init(
            wallMilliseconds: 35_999, userMilliseconds: 60_001, systemMilliseconds: 1200,
            peakMemoryBytes: 512_000_000, outOfMemoryKills: 0, refusedForks: 0, exitStatus: "exited 0")
        facts.denied = .init(
            counts: [.init(call: "ptrace", count: 3)],
            attempts: [
                .init(call: "ptrace", arguments: [16, 1, 0, .max, 0, 0], count: 2, milliseconds: 1250),
                .init(call: "ptrace", arguments: [0, 0, 0, 0, 0, 0], count: 1, milliseconds: 1251),
            ])
        facts.rootfs.scan = scan
        facts.reported = try reported()
        return facts
    }

    static func failed() throws -> JobFacts {
        var facts = try completed()
        facts.outcome = .failed(reason: "killed: memory limit of 2147483648 bytes reached")
        facts.outputs.removeAll { $0.role != .logs }
        facts.usage.exitStatus = "killed by signal 9"
        facts.logsTruncated = true
        facts.reported = .init()
        return facts
    }

    static func neverRan(_ stage: JobFacts.Stage) throws -> JobFacts.NeverRan {
        let facts = try completed()
        return .init(
            job: facts.job, attempt: 3, stage: stage, reason: "out of attempts", submitted: facts.submitted,
            finished: facts.finished, inputs: facts.inputs, rootfs: "keras", policy: "strict",
            platform: .init(name: "platform.json", sha256: digest("4"), size: 2345))
    }

    /// A training whose submitter answered nothing.
    static func bare() throws -> JobFacts {
        var facts = try completed()
        facts.declared = []
        facts.rootfs.scan = nil
        facts.operatorName = nil
        return facts
    }

    /// As little as can be known.
    static func sparse() throws -> JobFacts {
        var facts = base(.failed(reason: "the root file system is not there"), started: nil)
        facts.rootfs.recipe = nil
        facts.rootfs.inventory = nil
        facts.rootfs.verity = nil
        facts.rootfs.components = .array([])
        facts.supervisor.executable = nil
        facts.supervisor.signer = nil
        return facts
    }

    /// Everything that somebody else chose, chosen badly.
    static func hostile() throws -> JobFacts {
        var facts = try completed()
        let nasty = "\u{0}\u{1b}[2J\"\\</script>\u{202e}e\u{301}😀\nbom-ref"
        facts.inputs[0].file.name = nasty
        facts.inputs[1].file.name = "../../etc/passwd"
        facts.declared = JobFacts.Declared.keys.map { .init(key: $0, value: nasty) } + [.init(key: nasty, value: nasty)]
        facts.parameters = [.init(name: nasty, value: .array([nil, .string(nasty)]), source: .submitter)]
        facts.reported.run = try object(
            #"{"":{"":[]},"aibomgen:observed:job.id":"forged","x":{"y":[{"z":null},1e-7,-0,{}]},"metrics":{"m":[],"n":"1"},"seed":-1,"framework":7}"#
        )
        facts.reported.model = try object(#"{"layers":[{"name":"a","class":"b","output_shape":[1],"parameters":"9"}]}"#)
        facts.reported.dataset = try object(
            #"{"rows":2,"duplicate_rows":3,"split":{"training_rows":9223372036854775807,"validation_rows":1,"training_sha256":null,"validation_sha256":null},"columns":[{"name":"\u202e</script>","type":"float","missing":0,"distinct":1,"mean":9,"variance":0,"minimum":1,"maximum":2,"median":1,"skewness":"NaN"}]}"#
        )
        facts.rootfs.scan?.findings[0].summary = nasty
        facts.rootfs.scan?.findings[0].package = nasty
        return facts
    }

    static func decimal(_ lexeme: String) throws -> JSON {
        try JSON.parse(Array(lexeme.utf8), limits: .report)
    }

    static func object(_ text: String) throws -> JSONObject {
        try JSON.parse(Array(text.utf8), limits: .report).objectValue ?? JSONObject()
    }
}

/// The golden documents beside these tests.
enum Vectors {
    private static func url(_ name: String) -> URL {
        URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Vectors/\(name).json")
    }

    static func bytes(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: url(name))) }

    /// With AIBOM_WRITE_VECTORS=1 the golden documents are written anew, for a change of form that is meant.
    static func writeIfAsked(_ bytes: [UInt8], _ name: String) throws {
        guard ProcessInfo.processInfo.environment["AIBOM_WRITE_VECTORS"] == "1" else { return }
        try Data(bytes).write(to: url(name))
    }
}
