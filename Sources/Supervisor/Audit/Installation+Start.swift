internal import API
internal import Attest
internal import AuditLog
internal import Catalogue
internal import JSON
internal import JobStore
internal import Jobs
internal import Keys
internal import Measure
internal import Policy
internal import Sandbox
internal import Signing

extension Installation {
    private static let runningMark = "running"

    /// Enters that a supervisor starts, as what it was measured, and what stands otherwise than before.
    func noteStart(_ settings: [String: String]) throws(TrailError) {
        try trail.noteClockBehind()
        let before = try trail.trailing { () throws(StoreError) in try jobs.logMark(Self.runningMark) }
        let isCrash = before == "yes"
        var host = JSONObject()
        host["kernel"] = environment.kernelRelease.value.map(JSON.string)
        host["machine"] = environment.machine.value.map(JSON.string)
        host["cpu"] = environment.cpuModel.value.map(JSON.string)
        host["cpus"] = environment.logicalCPUs.value.map { .integer(Int64($0)) }
        host["memory_bytes"] = environment.memoryBytes.value.map { .integer(Int64(clamping: $0)) }
        try trail.note(
            .supervisorStarted, severity: isCrash ? .medium : .informational,
            [
                "version": .string(Version.current), "executable": .string("sha256:\(platform.supervisor)"),
                "signer": .string("sha256:\(platform.signer)"), "platform": .string("sha256:\(platform.digest)"),
                "host": .object(host),
                "previous": .string(before == nil ? "none" : isCrash ? "did not stop in order" : "stopped"),
            ])
        try trail.trailing { () throws(StoreError) in try jobs.setLogMarks([Self.runningMark: "yes"]) }
        try noteStanding(settings)
    }

    func noteStop() throws(TrailError) {
        try trail.note(.supervisorStopped, ["reason": "asked to stop"])
        try trail.trailing { () throws(StoreError) in try jobs.setLogMarks([Self.runningMark: "no"]) }
    }

    private func noteStanding(_ settings: [String: String]) throws(TrailError) {
        // A history that was cut at its end still verifies: what its last line was is known here.
        var keys = platform.record.keys
        if !keyHistory.isEmpty { keys["history"] = Digest.of(keyHistory).hex }
        try trail.noteChanges(.keyChanged, keys) {
            ["use": .string($0), "key_id": .string($1), "change": .string($2)]
        }
        try trail.noteChanges(.policyChanged, policies.mapValues { $0.digest.hex }, Self.detail)
        try noteRootfs()
        try trail.noteSettings(settings)
    }

    /// Environments that are new, changed or gone, as their manifests name them.
    private func noteRootfs() throws(TrailError) {
        var digests: [String: String] = [:]
        let descriptions: [RootfsDescription]
        do throws(CatalogueError) { descriptions = try library.descriptions() } catch { return }
        for rootfs in descriptions { digests[rootfs.name] = rootfs.imageDigest?.hex }
        try trail.noteChanges(.rootfsChanged, digests, Self.detail)
    }

    /// The environment that a job is about to run in; it may have been built a moment ago.
    func noteRootfs(_ manifest: RootfsManifest) throws(TrailError) {
        try trail.noteChange(.rootfsChanged, of: manifest.name, to: manifest.imageDigest.hex, Self.detail)
    }

    private static func detail(_ name: String, _ digest: String, _ change: String) -> JSON {
        ["name": .string(name), "digest": .string("sha256:\(digest)"), "change": .string(change)]
    }
}
