import JSON
import Testing

@testable import Vulnerabilities

@Suite("search for vulnerabilities")
struct ScanTests {
    static let inventory: JSON = [
        "schema": "aibom-inventory/1",
        "components": [
            [
                "source": "debian", "name": "libc6", "version": "2.36-9+deb12u13", "source_name": "glibc",
                "source_version": "2.36-9+deb12u13",
                "purl": "pkg:deb/debian/libc6@2.36-9%2Bdeb12u13?arch=amd64&distro=bookworm",
            ],
            ["source": "pypi", "name": "ml_dtypes", "version": "0.6.0", "purl": "pkg:pypi/ml-dtypes@0.6.0"],
            ["source": "pypi", "name": "rich", "version": "15.0.0", "purl": "pkg:pypi/rich@15.0.0"],
        ],
    ]

    private func advisory(_ id: String, _ ecosystem: String, _ name: String, _ rest: String) throws -> Advisory {
        let text =
            #"{"id":"\#(id)","modified":"2026-11-01T00:00:00Z","aliases":["CVE-\#(id)"],"affected":[{"package":{"ecosystem":"\#(ecosystem)","name":"\#(name)"},\#(rest)}]}"#
        return try #require(Advisory(try JSON.parse(Array(text.utf8), limits: .report)))
    }

    private func range(_ events: String, type: String = "ECOSYSTEM") -> String {
        #""ranges":[{"type":"\#(type)","events":[\#(events)]}]"#
    }

    private func scan(_ advisories: [Advisory], _ inventory: JSON = ScanTests.inventory) throws -> Scan {
        try #require(
            Scan.search(
                inventory, digest: String(repeating: "1", count: 64), for: advisories,
                database: String(repeating: "2", count: 64),
                time: "2026-11-23T00:00:00.000Z"))
    }

    @Test("finds a package by its source's name and its release, and the version that mends it")
    func debian() throws {
        let events = #"{"introduced":"0"},{"fixed":"2.36-9+deb12u14"}"#
        let found = try scan([
            try advisory("D-1", "Debian:12", "glibc", range(events)),
            try advisory("D-2", "Debian:11", "glibc", range(events)),
            try advisory("D-3", "Debian:12", "glibc", range(#"{"introduced":"0"},{"fixed":"2.36-9+deb12u13"}"#)),
            try advisory("D-4", "Debian:12", "glibc", range(#"{"introduced":"2.36-9+deb12u14"}"#)),
            try advisory("D-5", "Debian:12", "libc", range(events)),
        ])
        #expect(found.findings.map(\.id) == ["D-1"])
        #expect(found.findings.first?.fixed == "2.36-9+deb12u14")
        #expect(found.findings.first?.package.hasPrefix("pkg:deb/debian/libc6@") == true)
    }

    @Test("finds a Python package however its name is written", arguments: ["ml_dtypes", "ML.dtypes", "ml-dtypes"])
    func python(_ name: String) throws {
        let found = try scan([
            try advisory("P-1", "PyPI", name, range(#"{"introduced":"0.5"},{"last_affected":"0.6.0"}"#)),
            try advisory("P-2", "PyPI", name, range(#"{"introduced":"0.5"},{"last_affected":"0.6.0rc1"}"#)),
            try advisory("P-3", "PyPI", name, #""versions":["0.5.0","0.6.0"]"#),
            try advisory("P-4", "PyPI", name, range(#"{"introduced":"0"}"#, type: "GIT")),
            try advisory("P-5", "npm", name, range(#"{"introduced":"0"}"#)),
            try advisory("P-6", "PyPI", name, range(#"{"introduced":"0"},{"fixed":"0.2"},{"introduced":"0.6.0"}"#)),
        ])
        #expect(found.findings.map(\.id) == ["P-1", "P-3", "P-6"])
    }

    @Test("what no advisory could be about is not scanned, which is not clean")
    func unscanned() throws {
        let only = try scan([try advisory("P-1", "PyPI", "x", range(#"{"introduced":"0"}"#))])
        #expect(only.unscanned == ["pkg:deb/debian/libc6@2.36-9%2Bdeb12u13?arch=amd64&distro=bookworm"])
        // A version that can't be compared decides nothing.
        let odd = try scan([try advisory("P-1", "PyPI", "rich", range(#"{"introduced":"soon"}"#))])
        #expect(odd.unscanned.contains("pkg:pypi/rich@15.0.0") && odd.findings.isEmpty)
        // An inventory that does not know its source packages can't be searched by Debian's advisories.
        let old: JSON = [
            "schema": "aibom-inventory/1",
            "components": [
                [
                    "source": "debian", "name": "libc6", "version": "2",
                    "purl": "pkg:deb/debian/libc6@2?distro=bookworm",
                ], [:],
            ],
        ]
        #expect(
            try scan([try advisory("D-1", "Debian:12", "glibc", range(#"{"introduced":"0"}"#))], old).unscanned.count
                == 2)
        #expect(Scan.search([:], digest: "", for: [], database: "", time: "") == nil)
    }

    @Test("an advisory that was withdrawn is none")
    func withdrawn() throws {
        #expect(Advisory(["id": "X", "withdrawn": "2026-01-01T00:00:00Z"]) == nil)
        #expect(Advisory(["aliases": []]) == nil)
        #expect(Advisory(nil) == nil)
    }

    @Test("is read back as it was written; one that is not whole is no scan")
    func document() throws {
        var found = try scan([try advisory("P-1", "PyPI", "rich", range(#"{"introduced":"0"},{"fixed":"16"}"#))])
        found.outdated = ["libc6"]
        found.findings[0].analysis = Analysis(json: ["state": "in_triage"])
        #expect(Scan(json: found.json) == found)
        for (key, value): (String, JSON) in [
            ("schema", "aibom-scan/2"), ("findings", [[:]]), ("findings", nil), ("outdated", 7), ("database", [:]),
            ("findings", [["id": "x", "package": "y", "analysis": ["state": "fine"]]]),
        ] {
            var object = found.json.objectValue ?? JSONObject()
            object[key] = value
            #expect(Scan(json: .object(object)) == nil, "\(key)")
        }
    }

    @Test("takes states of a VEX document of CycloneDX, by id or alias, for the packages that it names")
    func cyclonedx() throws {
        var found = try scan([
            try advisory("P-1", "PyPI", "rich", range(#"{"introduced":"0"}"#)),
            try advisory("P-2", "PyPI", "ml-dtypes", range(#"{"introduced":"0"}"#)),
        ])
        let vex = try #require(
            VEX([
                "bomFormat": "CycloneDX",
                "vulnerabilities": [
                    [
                        "id": "CVE-P-1", "analysis": ["state": "not_affected", "justification": "code_not_reachable"],
                        "affects": [["ref": "pkg:pypi/rich@15.0.0"]],
                    ],
                    ["id": "P-2", "analysis": ["state": "resolved"], "affects": [["ref": "pkg:pypi/other@1"]]],
                    ["id": "P-2"],
                ],
            ]))
        #expect(vex.apply(to: &found) == 1)
        #expect(found.findings.map(\.analysis?.state) == ["not_affected", nil])
        #expect(
            VEX(["bomFormat": "CycloneDX", "vulnerabilities": [["id": "x", "analysis": ["state": "fine"]]]]) == nil)
    }

    @Test("takes states of OpenVEX")
    func openVEX() throws {
        var found = try scan([try advisory("P-1", "PyPI", "rich", range(#"{"introduced":"0"}"#))])
        let text = #"""
            {"@context":"https://openvex.dev/ns/v0.2.0","statements":[{"vulnerability":{"name":"P-1"},"products":[{"@id":"pkg:pypi/rich@15.0.0"}],
            "status":"not_affected","justification":"vulnerable_code_cannot_be_controlled_by_adversary","impact_statement":"no input"}]}
            """#
        let vex = try #require(VEX(try JSON.parse(Array(text.utf8), limits: .report)))
        #expect(vex.apply(to: &found) == 1)
        #expect(found.findings[0].analysis?.state == "not_affected" && found.findings[0].analysis?.justification == nil)
        #expect(found.findings[0].analysis?.detail == "vulnerable_code_cannot_be_controlled_by_adversary: no input")
        #expect(VEX(try JSON.parse(Array(text.replacing("not_affected", with: "fine").utf8), limits: .report)) == nil)
        #expect(VEX([:]) == nil)
    }

    @Test("a package that a signed index has newer is outdated")
    func index() throws {
        let index = DistributionIndex(
            parsing: """
                Package: libc6
                Version: 2.36-9+deb12u9

                Package: libc6
                Version: 2.36-9+deb12u14

                Package: rich
                Version: 99

                Version: 7
                """)
        #expect(index.newer(than: Self.inventory) == ["libc6"])
        #expect(DistributionIndex(parsing: "x").isEmpty)
        let release =
            "Codename: x\nMD5Sum:\n aa 5 main/binary-amd64/Packages\nSHA256:\n bb 5 main/binary-amd64/Packages\n cc 5 main/binary-amd64/Release\nX:\n dd 5 a/Packages\n"
        #expect(DistributionIndex.isListed(in: release, sha256: "bb", size: 5))
        for (digest, size) in [("bb", 6), ("aa", 5), ("cc", 5), ("dd", 5)] {
            #expect(!DistributionIndex.isListed(in: release, sha256: digest, size: size))
        }
    }
}
