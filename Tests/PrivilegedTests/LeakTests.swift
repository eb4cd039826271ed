import Foundation
import JSON
import Testing

@Suite("Launches leave nothing", .enabled(if: Privilege.isThere, Privilege.reason))
struct LeakTests {
    private func leaks(_ name: String, _ options: String...) throws -> JSON {
        // An image of its own: devices on it are nobody else's.
        let folder = "\(Stage.folder)/leaks-\(name.replacing(" ", with: "-"))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        var options = ["state=\(folder)/run"] + options
        if let image = Stage.image {
            try FileManager.default.copyItem(atPath: image, toPath: "\(folder)/rootfs.squashfs")
            options.append("image=\(folder)/rootfs.squashfs")
        }
        return try Alone.scenario("leaks", options, program: ["/bin/hostile", "whoami"])
    }

    @Test(
        "and the count would show it",
        arguments: ["descriptors", "mounts", "host mounts", "loops", "children", "entries", "groups"])
    func detector(_ kind: String) throws {
        if kind == "loops", Stage.image == nil {
            #expect(!Privilege.mustRun, "needs mksquashfs")
            return
        }
        let document = try leaks(kind, "plant=\(kind)", "launches=6")
        let before = try #require(document["before"]?[kind]?.integerValue)
        #expect(document["after"]?[kind]?.integerValue == before + 1)
    }

    @Test("after 10,000 of them on four threads, most of which fail, at every step of the tape")
    func many() throws {
        let document = try leaks("many", "launches=10000", "threads=4")
        let steps = try #require(document["steps"]?.integerValue)
        #expect(steps < 10_000 / 3, "each step had its turn")
        // One in six each: a whole run, a cancelled one; no such program; no such input. The others failed at a step.
        let expected: JSON = [
            "confinement": 3332, "open input folder": 1667, "program": 1667, "ran": 3334,
        ]
        #expect(document["ended"] == expected)
        let before = try #require(document["before"])
        #expect(before == document["after"])
        #expect(before["children"] == 0)
        #expect(before["host mounts"] == 0)
    }
}
