import Foundation
import Policy
import Testing

/// `Vectors/container-form.json` is written by hand in the form of container engines' default profiles: every field that they
/// have beside the OCI specification's stands in it.
@Suite("Profiles of container engines")
struct ContainerProfileTests {
    private static func vector() throws -> [UInt8] {
        let here = URL(filePath: #filePath).deletingLastPathComponent()
        return Array(try Data(contentsOf: here.appending(path: "Vectors/container-form.json")))
    }

    private static func facts(_ architecture: Architecture, _ release: String = "6.1") throws -> PlatformFacts {
        let kernel = try #require(PlatformFacts.Kernel(release: release))
        return PlatformFacts(architecture: architecture, kernel: kernel)
    }

    @Test("compile to what libseccomp makes of them", arguments: Architecture.allCases)
    func agreement(_ architecture: Architecture) throws {
        let profile = try SeccompProfile(parsing: Self.vector(), on: Self.facts(architecture))
        // The reading beside the compiler knows no `name` and no `excludes.minKernel`: no rule of the vector that holds here
        // has a meaning that needs them, but for one.
        #expect(profile.rules.contains { $0.names == ["vhangup"] })
        let plain = try #require(String(bytes: Self.vector(), encoding: .utf8))
            .replacing(#""name": "vhangup""#, with: #""names": ["vhangup"]"#)
            .replacing(#""name": "reboot""#, with: #""names": ["reboot"]"#)
            .replacing(#""kcmp""#, with: #""nosuchcall""#)
        let same = try SeccompProfile(parsing: Array(plain.utf8), on: Self.facts(architecture))
        let agreement = try Agreement(Array(plain.utf8), same, for: architecture)
        #expect(agreement.difference() == nil)
        #expect(agreement.calls.count > 3000)
        #expect(try same.compile().bytes == profile.compile().bytes)
    }

    @Test("a rule for a capability is left out, and one that excludes a capability holds")
    func capabilities() throws {
        let rules = try SeccompProfile(parsing: Self.vector(), on: Self.facts(.amd64)).rules
        #expect(!rules.contains { $0.names.contains("mount") || $0.names == ["reboot"] })
        #expect(rules.contains { $0.names == ["clone3"] && $0.action == .absent })
        #expect(rules.filter { $0.names == ["clone"] }.map(\.conditions.first?.index) == [0])
    }

    @Test("a rule for another machine is left out")
    func machines() throws {
        func names(_ architecture: Architecture) throws -> Set<String> {
            Set(try SeccompProfile(parsing: Self.vector(), on: Self.facts(architecture)).rules.flatMap(\.names))
        }
        #expect(try names(.amd64).isSuperset(of: ["modify_ldt", "arch_prctl"]))
        #expect(try names(.amd64).isDisjoint(with: ["set_tls", "swapcontext"]))
        #expect(try names(.arm64).contains("set_tls"))
        #expect(try !names(.arm64).contains("modify_ldt"))
    }

    @Test(
        "a rule for newer kernels needs one",
        arguments: [("4.7", false), ("4.8", true), ("4.10.0-18-generic", true), ("5.0", true), ("3.99", false)])
    func kernels(_ release: String, _ isNew: Bool) throws {
        let rules = try SeccompProfile(parsing: Self.vector(), on: Self.facts(.amd64, release)).rules
        #expect(rules.contains { $0.names.contains("ptrace") } == isNew)
        #expect(rules.contains { $0.names.contains("kcmp") } == !isNew)
    }

    @Test(
        "without the kernel's version it is refused, and a profile chosen for one machine is not compiled for another")
    func unknown() throws {
        let bare = PlatformFacts(architecture: .amd64, kernel: nil)
        #expect(throws: PolicyError.self) { try SeccompProfile(parsing: Self.vector(), on: bare) }
        let profile = try SeccompProfile(parsing: Self.vector(), on: Self.facts(.amd64))
        let error = #expect(throws: PolicyError.self) { try profile.compile(for: .arm64) }
        #expect("\(try #require(error))".contains("the rules were chosen for x86_64"))
    }

    @Test("releases", arguments: [("6.1.0-18-amd64", 6, 1), ("4.8", 4, 8), ("6.18.44-fc", 6, 18), ("5.15-rc1", 5, 15)])
    func release(_ text: String, _ major: Int, _ minor: Int) {
        #expect(PlatformFacts.Kernel(release: text) == PlatformFacts.Kernel(major: major, minor: minor))
    }

    @Test("no releases", arguments: ["", "6", "six.one", "-1.2", ".1", "6.x"])
    func noRelease(_ text: String) { #expect(PlatformFacts.Kernel(release: text) == nil) }

    /// With AIBOM_CONTAINER_PROFILE set to a file, for instance the default of the engine that is installed.
    @Test(
        "a profile from elsewhere", .enabled(if: ProcessInfo.processInfo.environment["AIBOM_CONTAINER_PROFILE"] != nil))
    func elsewhere() throws {
        let path = try #require(ProcessInfo.processInfo.environment["AIBOM_CONTAINER_PROFILE"])
        let source = Array(try Data(contentsOf: URL(filePath: path)))
        for architecture in Architecture.allCases {
            let profile = try SeccompProfile(parsing: source, on: Self.facts(architecture))
            let agreement = try Agreement(source, profile, for: architecture)
            #expect(agreement.difference() == nil)
        }
    }
}
