// swift-tools-version: 6.2
import PackageDescription

/// Every Swift target: Swift 6 mode, no warnings, imports that say what they use.
let swift: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// Every program: nothing loads code that would look up its symbols, so it exports none. The linker then leaves out what only an
/// export held, and what stays resident is a twentieth less.
let program: [LinkerSetting] = [.unsafeFlags(["-Xlinker", "--no-export-dynamic"])]

/// Every C target.
let c: [CSetting] = [
    .define("_GNU_SOURCE"),
    .treatAllWarnings(as: .error),
    .enableWarning("all"), .enableWarning("extra"), .enableWarning("shadow"),
]

let system: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")
let log: Target.Dependency = .product(name: "Logging", package: "swift-log")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let httpClient: Target.Dependency = .product(name: "AsyncHTTPClient", package: "async-http-client")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioHTTPTypes: Target.Dependency = .product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
/// For libyaml, which it carries as the module CYaml.
let yaml: Target.Dependency = .product(name: "Yams", package: "Yams")
let nio: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let jwt: Target.Dependency = .product(name: "JWTKit", package: "jwt-kit")

let package = Package(
    name: "aibomgen",
    dependencies: [
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.0.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.0.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        // C: system calls by number, what must run between clone and exec, and two libraries of the system.
        .target(name: "CLinux", cSettings: c),
        .target(name: "CSandbox", cSettings: c),
        .target(name: "CSeccomp", cSettings: c, linkerSettings: [.linkedLibrary("seccomp")]),
        .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),

        // Pure: values to bytes and back.
        .target(name: "JSON", swiftSettings: swift),
        .target(name: "Policy", dependencies: ["JSON", "CSeccomp"], swiftSettings: swift),
        .target(name: "Attest", dependencies: ["JSON"], swiftSettings: swift),

        // What others ask of an AIBoM, and an AIBoM in the words of others.
        .target(
            name: "Coverage", dependencies: ["JSON"],
            resources: [
                .embedInCode("../../coverage/g7.json"), .embedInCode("../../coverage/annex-xi.json"),
                .embedInCode("../../coverage/annex-xii.json"), .embedInCode("../../coverage/annex-iv.json"),
                .embedInCode("../../coverage/ntia.json"), .embedInCode("../../coverage/owasp.json"),
            ],
            swiftSettings: swift),
        .target(name: "Export", dependencies: ["Coverage", "JSON"], swiftSettings: swift),
        // Which packages of an inventory have known vulnerabilities.
        .target(name: "Vulnerabilities", dependencies: ["JSON"], swiftSettings: swift),

        // The system, owned and typed.
        .target(name: "Linux", dependencies: ["CLinux", system], swiftSettings: swift),
        // What keeps processes apart: children, namespaces, mounts, control groups, Landlock, privileges given up.
        .target(name: "Isolation", dependencies: ["CLinux", "Linux", system], swiftSettings: swift),
        .target(
            name: "Sandbox", dependencies: ["Isolation", "Linux", "Measure", "Policy", "CLinux", "CSandbox", system],
            swiftSettings: swift),
        .target(name: "Measure", dependencies: ["Linux", "JSON", "COpenSSL", system], swiftSettings: swift),
        // Public keys, for those who only verify.
        .target(name: "Keys", dependencies: ["Measure", "JSON", "COpenSSL"], swiftSettings: swift),
        .target(
            name: "Signing",
            dependencies: [
                "AuditLog", "Keys", "Isolation", "Linux", "JSON", "Policy", "Measure", "CSeccomp", "COpenSSL", system,
            ],
            swiftSettings: swift),

        // The log that an auditor can check: hashing, notes, tiles, proofs, the durable append and its offline verifier.
        .target(
            name: "AuditLog", dependencies: ["Linux", "JSON", "Measure", "COpenSSL", system], swiftSettings: swift),

        .target(
            name: "Catalogue", dependencies: ["CLinux", "Linux", "JSON", "Measure", "Policy", "Sandbox", system],
            resources: [
                .embedInCode("../../policies/strict.json"), .embedInCode("../../policies/gpu.json"),
                .embedInCode("../../policies/open.json"),
            ],
            swiftSettings: swift),

        // The service. Jobs is its vocabulary, without a database and without HTTP.
        .target(name: "Jobs", dependencies: ["Measure", "JSON"], swiftSettings: swift),
        // What the gateway reads of a user's files, before the queue: forms, and cheap checks of what is in them.
        .target(name: "Intake", dependencies: ["Jobs", "JSON", "Measure", yaml], swiftSettings: swift),
        // What an operator can choose; pure. And what ties a service to its host: logs, the service manager.
        .target(name: "Settings", dependencies: ["Jobs", "JSON"], swiftSettings: swift),
        .target(
            name: "Operations", dependencies: ["Settings", "Jobs", "JSON", "Linux", "Measure", log, system],
            swiftSettings: swift),
        .target(
            name: "Verify",
            dependencies: ["Attest", "AuditLog", "Keys", "Measure", "Linux", "JSON", "COpenSSL", system],
            swiftSettings: swift),
        // `aibom verify`, which is also a program of its own: small, and with nothing in it that is privileged.
        .target(
            name: "VerifyCommandLine",
            dependencies: ["AuditLog", "CLinux", "JSON", "Keys", "Linux", "Verify", arguments],
            swiftSettings: swift),
        .target(
            name: "JobStore",
            dependencies: [
                "CLinux", "Jobs", "Linux", "Measure", "JSON", system, .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: swift),
        .target(
            name: "API",
            dependencies: [
                "Jobs", "JSON", "Linux", "Measure", hummingbird, lifecycle, nio, nioHTTPTypes, nioPosix, httpTypes, log,
                system,
            ],
            resources: [.embedInCode("../../openapi/openapi.json"), .embedInCode("../../openapi/docs.html")],
            swiftSettings: swift),
        .target(
            name: "Supervisor",
            dependencies: [
                "API", "Attest", "AuditLog", "Catalogue", "Jobs", "JobStore", "JSON", "Keys", "Isolation", "Linux",
                "Measure",
                "Policy",
                "Sandbox", "CLinux", "Signing", "Vulnerabilities", log, nio, system,
            ],
            swiftSettings: swift),

        // The other door: HTTP for users, in a process that confines itself.
        .target(
            name: "Gateway",
            dependencies: [
                "Intake", "Jobs", "JSON", "Keys", "Isolation", "Linux", "Measure", "Policy", "Sandbox", "Verify",
                httpClient, jwt,
                lifecycle, log, nio, nioHTTP1, nioPosix, nioSSL, system,
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            resources: [.embedInCode("../../policies/gateway.json")],
            swiftSettings: swift),

        // Thin executables.
        .executableTarget(
            name: "aibomd",
            dependencies: [
                "Supervisor", "API", "Catalogue", "Jobs", "Linux", "Operations", "Settings", arguments, hummingbird,
                lifecycle,
                .product(name: "UnixSignals", package: "swift-service-lifecycle"), log, system,
            ],
            swiftSettings: swift, linkerSettings: program),
        .executableTarget(
            name: "aibom-gateway",
            dependencies: ["API", "Gateway", "Linux", "Operations", "Settings", arguments, log],
            swiftSettings: swift, linkerSettings: program),
        .executableTarget(
            name: "aibom-signer", dependencies: ["Signing"], swiftSettings: swift, linkerSettings: program),
        .executableTarget(
            name: "aibom-verify", dependencies: ["VerifyCommandLine", arguments], swiftSettings: swift,
            linkerSettings: program),
        // What a launch costs in plain C: the peer of `aibom bench launch`.
        .executableTarget(name: "aibom-floor", cSettings: c),
        .executableTarget(
            name: "aibom",
            dependencies: [
                "API", "Attest", "AuditLog", "Catalogue", "Coverage", "CLinux", "Export", "Jobs", "JSON", "JobStore",
                "Keys", "Isolation", "Linux", "Measure", "Operations", "Policy", "Sandbox", "Settings", "Signing",
                "Supervisor",
                "Verify", "VerifyCommandLine",
                "Vulnerabilities", arguments, httpClient, nio, nioHTTP1, nioPosix, nioSSL, log, system,
            ],
            resources: [
                .embedInCode("../../sample/model.keras"), .embedInCode("../../sample/wine.csv"),
                .embedInCode("../../sample/definition.yaml"), .embedInCode("../../sample/README.md"),
            ],
            swiftSettings: swift, linkerSettings: program),

        .executableTarget(
            name: "log-hammer", dependencies: ["AuditLog", "Linux"], path: "Tests/LogHammer", swiftSettings: swift),
        .testTarget(
            name: "AuditLogTests", dependencies: ["log-hammer", "AuditLog", "Linux", "JSON", "Measure"],
            exclude: ["Vectors"], swiftSettings: swift),
        .testTarget(name: "JSONTests", dependencies: ["JSON"], exclude: ["Vectors"], swiftSettings: swift),
        .testTarget(
            name: "SigningTests",
            dependencies: [
                "AuditLog", "CLinux", "JSON", "Keys", "PythonTesting", "Signing", "KeyTesting", "Isolation", "Linux",
                "Measure",
                "aibom-signer",
            ],
            swiftSettings: swift),
        .target(name: "KeyTesting", path: "Tests/KeyTesting", swiftSettings: swift),
        .target(
            name: "ServiceTesting",
            dependencies: ["API", "Jobs", "JSON", "Linux", "Measure", lifecycle, nio, log],
            path: "Tests/ServiceTesting",
            swiftSettings: swift),
        .testTarget(
            name: "AibomTests",
            dependencies: [
                "aibom", "ServiceTesting", "API", "AuditLog", "Jobs", "JSON", "Linux", "KeyTesting", "Measure",
                arguments, nio,
                nioHTTP1, nioPosix,
                nioSSL,
            ],
            swiftSettings: swift),
        .testTarget(
            name: "APITests",
            dependencies: [
                "PythonTesting", "ServiceTesting", "API", "Jobs", "JSON", "Linux", "Measure", hummingbird, httpClient,
                httpTypes, nio, nioHTTP1, nioPosix, .product(name: "HummingbirdTesting", package: "hummingbird"),
            ],
            exclude: ["Python"],
            swiftSettings: swift),
        .testTarget(
            name: "GatewayTests",
            dependencies: [
                "Gateway", "aibom-gateway", "gateway-probe", "EvidenceTesting", "ServiceTesting", "Signing", "API",
                "Jobs", "JSON", "Linux", "Measure", httpTypes, hummingbird, jwt, lifecycle,
                log, nio, nioPosix,
            ],
            swiftSettings: swift),
        // Enters the gateway's confinement and then attacks.
        .executableTarget(
            name: "gateway-probe", dependencies: ["CLinux", "Gateway", "Linux"], path: "Tests/gateway-probe",
            swiftSettings: swift),
        .executableTarget(
            name: "group-probe", dependencies: ["Isolation", "Linux"], path: "Tests/GroupProbe", swiftSettings: swift),
        .testTarget(name: "LinuxTests", dependencies: ["Linux", system], swiftSettings: swift),
        .testTarget(
            name: "IsolationTests", dependencies: ["CLinux", "CSandbox", "Isolation", "Linux", "group-probe", system],
            swiftSettings: swift),
        .testTarget(name: "SettingsTests", dependencies: ["Settings", "Jobs", "JSON"], swiftSettings: swift),
        .target(
            name: "ManagerTesting", dependencies: ["Linux"], path: "Tests/ManagerTesting", swiftSettings: swift),
        .testTarget(
            name: "OperationsTests",
            dependencies: [
                "ManagerTesting", "Operations", "Settings", "Jobs", "JSON", "Linux", "Measure", log, system,
            ],
            swiftSettings: swift),
        .testTarget(name: "JobsTests", dependencies: ["Jobs", "Measure", "JSON"], swiftSettings: swift),
        .testTarget(
            name: "IntakeTests", dependencies: ["Intake", "Jobs", "JSON"], exclude: ["Vectors"], swiftSettings: swift),
        .executableTarget(
            name: "store-hammer", dependencies: ["JobStore", "Jobs", "Measure", "Linux", "JSON"],
            path: "Tests/StoreHammer", swiftSettings: swift),
        .testTarget(
            name: "JobStoreTests",
            dependencies: [
                "store-hammer", "JobStore", "Jobs", "Measure", "Linux", "JSON",
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            exclude: ["Vectors"],
            swiftSettings: swift),
        .testTarget(
            name: "AttestTests", dependencies: ["Attest", "JSON"], exclude: ["Vectors"], swiftSettings: swift),
        .testTarget(
            name: "VulnerabilitiesTests", dependencies: ["Vulnerabilities", "JSON"], swiftSettings: swift),
        .testTarget(name: "CoverageTests", dependencies: ["Coverage", "JSON"], swiftSettings: swift),
        .testTarget(name: "ExportTests", dependencies: ["Export", "JSON"], exclude: ["Vectors"], swiftSettings: swift),
        .target(
            name: "EvidenceTesting",
            dependencies: ["Attest", "AuditLog", "Keys", "Linux", "Signing", "Measure", "JSON"],
            path: "Tests/EvidenceTesting",
            swiftSettings: swift),
        .testTarget(
            name: "VerifyTests",
            dependencies: [
                "EvidenceTesting", "PythonTesting", "KeyTesting", "Verify", "Attest", "AuditLog", "Keys", "Linux",
                "Signing", "Measure", "JSON", "aibom", "aibom-verify",
            ],
            swiftSettings: swift),
        .target(name: "PythonTesting", path: "Tests/PythonTesting", swiftSettings: swift),
        .testTarget(
            name: "InteropTests", dependencies: ["EvidenceTesting", "PythonTesting", "Attest", "Keys"],
            exclude: [
                "read_sigstore_bundle.py", "validate_cyclonedx.py", "validate_spdx.py", "verify_statements.py",
            ],
            swiftSettings: swift),
        .testTarget(name: "MeasureTests", dependencies: ["Measure", "Linux", system], swiftSettings: swift),
        // Tests as root: programs that attack the sandbox, a driver that runs them in it, and the tests that ask the driver.
        .executableTarget(
            name: "hostile", path: "Tests/hostile", cSettings: c,
            linkerSettings: [.unsafeFlags(["-static-executable"])]),  // runs in a rootfs without a library
        .executableTarget(
            name: "sandbox-probe", dependencies: ["CLinux", "JSON", "Isolation", "Linux", "Policy", "Sandbox", system],
            path: "Tests/sandbox-probe", swiftSettings: swift),
        .testTarget(
            name: "PrivilegedTests",
            dependencies: ["JSON", "Isolation", "Linux", "Policy", "Sandbox", "hostile", "sandbox-probe"],
            swiftSettings: swift),
        .testTarget(
            name: "CatalogueTests", dependencies: ["Catalogue", "Measure", "Policy", "Sandbox"], swiftSettings: swift),
        .testTarget(
            name: "PolicyTests", dependencies: ["Policy", "JSON", "CSeccomp"], exclude: ["Vectors"],
            swiftSettings: swift),
        .testTarget(
            name: "SandboxTests", dependencies: ["Sandbox", "Policy", "CLinux"], exclude: ["Vectors"],
            swiftSettings: swift),
        .testTarget(
            name: "SupervisorTests",
            dependencies: [
                "Supervisor", "Attest", "AuditLog", "Catalogue", "Jobs", "JobStore", "JSON", "Keys", "Isolation",
                "Linux", "Measure",
                "PythonTesting", "Sandbox", "KeyTesting", "Verify", "aibom-signer",
            ],
            swiftSettings: swift),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "aibom", "aibomd", "aibom-gateway", "aibom-signer", "ManagerTesting", "PythonTesting", "KeyTesting",
                "JSON", "Isolation", "Linux", "Measure",
            ],
            exclude: ["Clients", "Hostile", "Fixtures"], swiftSettings: swift),
    ]
)
