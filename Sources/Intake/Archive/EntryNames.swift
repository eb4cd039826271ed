internal import JSON
internal import Jobs

/// The names of an archive's entries so far: each leads to one place inside the folder it is unpacked to, on any file
/// system.
struct EntryNames {
    let field: String
    let limits: ArchiveLimits
    let remedy: String
    /// As a file system that ignores case sees them; Swift compares letters with their accents however they are written.
    private(set) var files: Set<String> = []
    /// Folders with an entry of their own.
    private var listed: Set<String> = []
    /// Those and the ones that names lead through.
    private var folders: Set<String> = []

    init(field: String, limits: ArchiveLimits, remedy: String) {
        self.field = field
        self.limits = limits
        self.remedy = remedy
    }

    /// - Throws: a `Violation` for a name that is unsafe, or comes a second time.
    /// - Returns: the name as text.
    mutating func add(_ entry: ZipEntry) throws(Violation) -> String {
        let name = try text(entry)
        let path = entry.isFolder ? String(name.dropLast()) : name
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard !parts.contains(where: { ["", ".", ".."].contains($0) }), !path.contains("\\"), !isDrive(parts.first)
        else {
            throw fault(name, "the entry's path leaves the archive")
        }
        guard parts.count <= limits.depth else {
            throw fault(name, "the entry is deeper than \(limits.depth) folders", limit: limits.depth)
        }
        guard parts.allSatisfy({ $0.utf8.count <= limits.componentBytes }) else {
            throw fault(name, "a name of more than \(limits.componentBytes) bytes", limit: limits.componentBytes)
        }
        try keep(path.lowercased(), isFolder: entry.isFolder, name)
        return name
    }

    /// Each once, and no file that is a folder too.
    private mutating func keep(_ key: String, isFolder: Bool, _ name: String) throws(Violation) {
        guard isFolder ? listed.insert(key).inserted : files.insert(key).inserted else {
            throw fault(name, "the entry stands in the archive twice")
        }
        if isFolder { folders.insert(key) }
        guard !(files.contains(key) && folders.contains(key)) else {
            throw fault(name, "the entry is a file and a folder")
        }
        var rest = key[...]
        while let slash = rest.lastIndex(of: "/") {
            rest = rest[..<slash]
            guard !files.contains(String(rest)) else { throw fault(name, "the entry's folder is a file too") }
            guard folders.insert(String(rest)).inserted else { return }
        }
    }

    private func text(_ entry: ZipEntry) throws(Violation) -> String {
        guard !entry.name.isEmpty, entry.name.count <= limits.nameBytes else {
            throw fault(
                String(decoding: entry.name, as: UTF8.self), "a name of 1 to \(limits.nameBytes) bytes is needed",
                limit: limits.nameBytes)
        }
        guard let name = String(validating: entry.name, as: UTF8.self) else {
            throw Violation(field, "entry \(quoted(entry.name)): the name is not UTF-8", remedy: remedy)
        }
        guard name.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) else {
            throw fault(name, "the name has control characters")
        }
        guard entry.otherName.map({ $0 == entry.name }) ?? true else {
            throw fault(name, "the entry has a second, different name")
        }
        return name
    }

    private func isDrive(_ part: Substring?) -> Bool { part.map { $0.utf8.count == 2 && $0.hasSuffix(":") } ?? false }

    private func fault(_ name: String, _ reason: String, limit: Int? = nil) -> Violation {
        Violation(field, "entry \(quoted(name)): \(reason)", limit: limit.map { .integer(Int64($0)) }, remedy: remedy)
    }
}
