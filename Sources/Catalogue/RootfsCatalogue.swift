internal import CLinux
internal import Glibc
internal import JSON
internal import Linux
package import Measure
package import Sandbox
internal import SystemPackage

/// The rootfs images built on this host, found by name.
package struct RootfsCatalogue: Sendable {
    package let folder: String

    /// - Parameter folder: where images are built to; nil is AIBOM_ROOTFS_CACHE, else `/var/cache/aibom/rootfs`.
    package init(folder: String? = nil) {
        let set = getenv("AIBOM_ROOTFS_CACHE").map { String(cString: $0) }
        self.folder = folder ?? set ?? "/var/cache/aibom/rootfs"
    }

    /// The names under which something is built.
    package func names() throws(CatalogueError) -> [String] {
        do throws(LinuxError) {
            let names = try OwnedDescriptor.open(folder, flags: O_RDONLY | O_DIRECTORY).names(limit: 10_000)
            return names.map { String(decoding: $0, as: UTF8.self) }.filter { !$0.hasPrefix(".") }
        } catch {
            if error.errno == .noSuchFileOrDirectory { return [] }
            throw .unreadable(error)
        }
    }

    /// Opens the current build of a rootfs and checks that its image is the one its manifest names.
    ///
    /// - Parameter name: a name below `folder`.
    /// - Returns: the manifest with the open, hashed image.
    /// - Throws: `CatalogueError`; a changed image is never used.
    package func image(_ name: String) throws(CatalogueError) -> RootfsImage {
        try RootfsImage(try manifest(name), in: place(of: name))
    }

    /// The manifest of the current build of a rootfs; its image is not looked at.
    package func manifest(_ name: String) throws(CatalogueError) -> RootfsManifest {
        let path = try manifestPath(name)
        let source = try known(name) { () throws(CatalogueError) in try RootfsImage.readOwn(path) }
        do throws(ManifestProblem) {
            return try RootfsManifest(parsing: source)
        } catch {
            throw .badManifest(path: path, problem: error.description)
        }
    }

    /// What tells the manifest of the current build from any other, without reading it.
    package func stamp(_ name: String) throws(CatalogueError) -> ManifestStamp {
        let path = try manifestPath(name)
        return try known(name) { () throws(CatalogueError) in
            let file = try RootfsImage.openOwn(path)
            return try reading { () throws(LinuxError) in
                ManifestStamp(status: try file.status(), modified: try file.modified())
            }
        }
    }

    private func manifestPath(_ name: String) throws(CatalogueError) -> String {
        guard !name.isEmpty, !name.contains("/"), !name.hasPrefix(".") else {
            throw .unknownRootfs(name: Display.name(Array(name.utf8)), folder: folder)
        }
        return "\(place(of: name))/rootfs.json"
    }

    private func known<Answer>(
        _ name: String, _ body: () throws(CatalogueError) -> Answer
    ) throws(CatalogueError) -> Answer {
        do throws(CatalogueError) { return try body() } catch .unreadable(let error)
            where error.errno == .noSuchFileOrDirectory
        { throw .unknownRootfs(name: name, folder: folder) }
    }

    /// The inventory of the current build, equal to the digest in its manifest; its image is not looked at.
    package func inventory(_ name: String) throws(CatalogueError) -> (bytes: [UInt8], digest: Digest) {
        let manifest = try manifest(name)
        let path = "\(place(of: name))/\(manifest.inventoryFile)"
        return (try RootfsImage.readInventory(path, expecting: manifest.inventoryDigest), manifest.inventoryDigest)
    }

    /// Publishes the result of a search for known vulnerabilities beside the current build.
    package func publish(scan: [UInt8], of name: String) throws(CatalogueError) {
        let folder = place(of: name)
        try reading { () throws(LinuxError) in
            let build = try OwnedDescriptor.open(folder, flags: O_RDONLY | O_DIRECTORY, stage: "open rootfs folder")
            try DurableFile.publish(scan, as: RootfsImage.scanFile, in: build, mode: 0o644)
        }
    }

    private func place(of name: String) -> String { "\(folder)/\(name)/current" }
}

/// A file as it was at one time: which it is, how large, and when it was last written.
package struct ManifestStamp: Equatable, Sendable {
    fileprivate let status: FileStatus
    fileprivate let modified: Int64
}

/// One built rootfs: its manifest, and its image open and measured.
package final class RootfsImage: Sendable {
    package let manifest: RootfsManifest
    /// `inventory.json`, equal to the digest in the manifest.
    package let inventory: [UInt8]
    package let path: String
    private let image: OwnedDescriptor
    private let folder: String
    fileprivate static let scanFile = "scan.json"

    fileprivate init(_ manifest: RootfsManifest, in folder: String) throws(CatalogueError) {
        self.folder = folder
        path = "\(folder)/\(manifest.imageFile)"
        inventory = try Self.readInventory("\(folder)/\(manifest.inventoryFile)", expecting: manifest.inventoryDigest)
        let opened = try Self.openOwn(path)
        let measured = try reading { () throws(LinuxError) in try Digest.of(file: opened) }
        guard measured.digest == manifest.imageDigest, measured.size == manifest.imageSize else {
            throw .imageChanged(path: path, expected: manifest.imageDigest.hex, found: measured.digest.hex)
        }
        self.manifest = manifest
        image = opened
    }

    /// What the last search for known vulnerabilities left, as it is now; nil when there is none that root alone could have written.
    /// Whether it is about this inventory is for the reader to check.
    package func scan() -> [UInt8]? { try? Self.readOwn("\(folder)/\(Self.scanFile)") }

    /// Mounts the image from the file that was measured.
    package func mount(in workplace: Workplace) throws(CatalogueError) -> Rootfs {
        do throws(SandboxError) {
            return try Rootfs(
                image: image, filesystem: manifest.format, name: "rootfs-\(manifest.imageDigest)", in: workplace)
        } catch {
            throw .unusable(error)
        }
    }

    fileprivate static func readInventory(_ path: String, expecting digest: Digest) throws(CatalogueError) -> [UInt8] {
        let bytes = try readOwn(path)
        let found = Digest.of(bytes)
        guard found == digest else { throw .imageChanged(path: path, expected: digest.hex, found: found.hex) }
        return bytes
    }

    fileprivate static func readOwn(_ path: String) throws(CatalogueError) -> [UInt8] {
        let file = try openOwn(path)
        return try reading { () throws(LinuxError) in try file.readAll(limit: 16 << 20) }
    }

    /// Opens a file that nobody but root could have written.
    fileprivate static func openOwn(_ path: String) throws(CatalogueError) -> OwnedDescriptor {
        let file = try reading { () throws(LinuxError) in
            try OwnedDescriptor.open(path, flags: O_RDONLY | O_NONBLOCK, stage: "open rootfs file")
        }
        let status = try reading { () throws(LinuxError) in try file.status() }
        guard status.kind == .regular else { throw .unsafe(path: path, problem: "is no regular file") }
        guard status.owner == 0 || status.owner == OwnProcess.effectiveUser, status.mode & 0o022 == 0 else {
            throw .unsafe(path: path, problem: "can be written by others")
        }
        return file
    }
}
