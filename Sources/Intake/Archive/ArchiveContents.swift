internal import JSON
internal import Jobs

/// What an archive may hold.
package enum ArchiveContents: Sendable, Equatable {
    /// Images in folders, and tables about them.
    case dataset
    /// What Keras 3 saves.
    case kerasModel

    static let images = [".jpg", ".jpeg", ".png"]
    static let weights = "model.weights.h5"
    static let model = ["config.json", "metadata.json", weights]
    private static let modelJSONBytes: UInt64 = 16 << 20
    private static let archives = [
        ".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar", ".zst", ".keras", ".npz",
    ]

    /// How to make it better.
    var remedy: String {
        switch self {
        case .dataset: "make the archive of .jpg, .jpeg, .png and .csv files again: zip -rX dataset.zip FOLDER…"
        case .kerasModel: "save the model again with model.save('model.keras') of Keras 3"
        }
    }

    /// - Throws: a `Violation` when the entry is none of those that it may hold.
    func check(_ entry: ZipEntry, named name: String, field: String) throws(Violation) {
        let place = "entry \(quoted(name)):"
        switch self {
        case .kerasModel:
            guard !entry.isFolder, ArchiveContents.model.contains(name) else {
                throw Violation(
                    field,
                    "\(place) a .keras archive holds \(ArchiveContents.model.joined(separator: ", ")) and nothing else here",
                    limit: .array(ArchiveContents.model.map { .string($0) }),
                    remedy: "models with asset files (vocabularies) are not supported; encode text before submitting")
            }
            guard name == ArchiveContents.weights || entry.unpacked <= ArchiveContents.modelJSONBytes else {
                throw Violation(
                    field, "\(place) the entry unpacks to \(entry.unpacked) bytes",
                    limit: .integer(Int64(ArchiveContents.modelJSONBytes)), remedy: "submit a smaller model")
            }
        case .dataset:
            let parts = name.split(separator: "/")
            guard !parts.contains(where: { $0.hasPrefix(".") || $0 == "__MACOSX" }) else {
                throw Violation(
                    field, "\(place) the entry is hidden, as file managers add them",
                    remedy: "make the archive without them: zip -rX dataset.zip FOLDER -x '.*' '*/.*' '__MACOSX/*'")
            }
            guard !entry.isFolder else { return }
            let lowered = name.lowercased()
            guard !ArchiveContents.archives.contains(where: lowered.hasSuffix) else {
                throw Violation(field, "\(place) an archive holds an archive", remedy: "unpack it, then \(remedy)")
            }
            let allowed = ArchiveContents.images + [".csv"]
            guard allowed.contains(where: lowered.hasSuffix) else {
                throw Violation(
                    field, "\(place) a dataset of images holds no such file",
                    limit: .array(allowed.map { .string($0) }),
                    remedy: remedy)
            }
        }
    }

    /// - Throws: a `Violation` when something has to be there and is not.
    func check(all names: some Collection<String>, field: String) throws(Violation) {
        switch self {
        case .kerasModel:
            for name in ArchiveContents.model where !names.contains(name) {
                throw Violation(field, "the archive has no \(name)", remedy: remedy)
            }
        case .dataset:
            let hasImage = names.contains { name in ArchiveContents.images.contains { name.lowercased().hasSuffix($0) }
            }
            guard hasImage else { throw Violation(field, "the archive has no image", remedy: remedy) }
        }
    }
}
