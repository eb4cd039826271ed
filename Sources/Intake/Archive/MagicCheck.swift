package import Jobs

/// Checks that a file begins as its name says.
package struct MagicCheck: InputCheck {
    package enum Kind: Sendable {
        case keras, zip, hdf5

        /// What a name's end promises; nil for names that promise nothing.
        package init?(fileName: FileName) {
            if fileName.hasExtension(in: [".keras"]) {
                self = .keras
            } else if fileName.hasExtension(in: [".zip"]) {
                self = .zip
            } else if fileName.hasExtension(in: [".h5", ".hdf5"]) {
                self = .hdf5
            } else {
                return nil
            }
        }
    }

    private static let zip = Array("PK\u{3}\u{4}".utf8)
    private static let emptyZip = Array("PK\u{5}\u{6}".utf8)
    private static let hdf5: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]

    private let kind: Kind
    private let field: String
    private var first: [UInt8] = []
    private var isChecked = false

    package init(_ kind: Kind, field: String) {
        self.kind = kind
        self.field = field
    }

    package mutating func take(_ piece: RawSpan) throws(Violation) {
        guard !isChecked else { return }
        piece.withUnsafeBytes { first += $0.prefix(MagicCheck.hdf5.count - first.count) }
        if first.count == MagicCheck.hdf5.count { try check() }
    }

    package mutating func finish() throws(Violation) { if !isChecked { try check() } }

    private mutating func check() throws(Violation) {
        isChecked = true
        let again = ArchiveContents.kerasModel.remedy
        guard !first.isEmpty else { throw Violation(field, "the file has 0 bytes", remedy: "upload it again") }
        let (isZip, isHDF5) = (first.starts(with: MagicCheck.zip), first == MagicCheck.hdf5)
        switch kind {
        case .keras where isHDF5:
            throw Violation(field, "this is a legacy HDF5 model, whatever its name says", remedy: again)
        case .keras where !isZip:
            throw Violation(field, "this is not a .keras archive: it does not begin as a zip", remedy: again)
        case .zip where first.starts(with: MagicCheck.emptyZip):
            throw Violation(field, "the archive is empty", remedy: ArchiveContents.dataset.remedy)
        case .zip where !isZip:
            throw Violation(
                field, "this is not a zip archive: it does not begin as one", remedy: ArchiveContents.dataset.remedy)
        case .hdf5 where !isHDF5:
            throw Violation(field, "this is not an HDF5 file: it does not begin as one", remedy: again)
        default: break
        }
    }
}
