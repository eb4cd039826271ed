internal import API
internal import Catalogue
internal import JSON
internal import Jobs
internal import Measure
internal import Sandbox
internal import Synchronization
internal import Vulnerabilities

/// The rootfs images that jobs run in: each hashed and mounted once, at its first job.
final class RootfsLibrary: Sendable {
    /// An image ready for jobs.
    final class Mounted: Sendable {
        let image: RootfsImage
        let rootfs: Rootfs
        /// The inventory's document, for the AIBoM.
        let inventory: JSON

        init(_ image: RootfsImage, in workplace: Workplace) throws(CatalogueError) {
            rootfs = try image.mount(in: workplace)
            inventory = (try? JSON.parse(image.inventory, limits: .document)) ?? .null
            self.image = image
        }

        /// What a search for known vulnerabilities found in this very inventory, looked up anew for each job; nil when none was made.
        var scan: Scan? {
            guard let bytes = image.scan(), let json = try? JSON.parse(bytes, limits: .document),
                let scan = Scan(json: json), scan.inventory == image.manifest.inventoryDigest.hex
            else { return nil }
            return scan
        }
    }

    private let catalogue: RootfsCatalogue
    private let workplace: Workplace
    private let mounted = Mutex<[String: Mounted]>([:])
    /// What was read of manifests, each good for as long as its file is the same: every submission asks.
    private let described = Mutex<[String: (stamp: ManifestStamp, description: RootfsDescription)]>([:])

    init(_ catalogue: RootfsCatalogue, in workplace: Workplace) {
        self.catalogue = catalogue
        self.workplace = workplace
    }

    /// What a submitter needs to know of `name`; reads the manifest, does not hash the image.
    func description(of name: String) throws(CatalogueError) -> RootfsDescription {
        // Before the file is read: one that is replaced meanwhile is read again the next time.
        let stamp = try catalogue.stamp(name)
        if let known = described.withLock({ $0[name] }), known.stamp == stamp { return known.description }
        let description = try catalogue.manifest(name).description()
        described.withLock { $0[name] = (stamp, description) }
        return description
    }

    func descriptions() throws(CatalogueError) -> [RootfsDescription] {
        var descriptions: [RootfsDescription] = []
        for name in try catalogue.names() {
            if let found = try? description(of: name) { descriptions.append(found) }
        }
        return descriptions
    }

    /// The current build of `name`, mounted from the file whose digest its manifest names.
    ///
    /// A newer build gets a mount of its own beside the older one, whose jobs go on undisturbed.
    func mount(_ name: String) throws(CatalogueError) -> Mounted {
        // One at a time: of two first jobs, the second waits for the mount of the first.
        try mounted.withLock { mounted throws(CatalogueError) in
            let current = try catalogue.manifest(name)
            if let known = mounted[name], known.image.manifest.source == current.source { return known }
            let fresh = try Mounted(try catalogue.image(name), in: workplace)
            mounted[name] = fresh
            return fresh
        }
    }
}

extension RootfsManifest {
    /// - Throws: `CatalogueError.badManifest` when it describes what the service does not understand.
    fileprivate func description() throws(CatalogueError) -> RootfsDescription {
        var rules: [InputRole: RootfsDescription.InputRule] = [:]
        for input in inputs {
            guard let role = InputRole(rawValue: input.role) else {
                throw .badManifest(path: name, problem: "input role \(input.role) is unknown")
            }
            rules[role] = .init(extensions: input.extensions, maximumBytes: input.maximumBytes)
        }
        do throws(Violation) {
            let schema = try ParameterSchema(json: .object(parameters))
            return RootfsDescription(
                name: name, summary: "image sha256:\(imageDigest)", imageDigest: imageDigest, inputs: rules,
                parameters: schema)
        } catch {
            throw .badManifest(path: name, problem: "\(error.field) \(error.reason)")
        }
    }
}
