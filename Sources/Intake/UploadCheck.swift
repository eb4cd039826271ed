package import Jobs

/// The check of an upload, by its part in the training and its name.
package enum UploadCheck: InputCheck {
    package enum Finding: Sendable, Equatable {
        case definition(DatasetDefinition)
        case table(CSVHeader)
        case archive
        case unexamined
    }

    case definition(DefinitionCheck)
    case table(CSVHeaderCheck)
    case archive(ZipDirectoryCheck)
    case magic(MagicCheck)
    /// A name that promises nothing: whether it is taken at all is the environment's rule, not a check of its bytes.
    case none

    /// - Parameters:
    ///   - role: what the upload is to the training.
    ///   - fileName: its sender's name for it.
    ///   - field: what errors call it: the field of the form.
    ///   - kinds: of datasets that the environment trains on.
    package init(
        _ role: InputRole, fileName: FileName, field: String, kinds: [DatasetDefinition.Kind] = [.csv]
    ) {
        switch role {
        case .definition: self = .definition(DefinitionCheck(field: field, kinds: kinds))
        case .model where fileName.hasExtension(in: [".keras"]):
            self = .archive(ZipDirectoryCheck(.kerasModel, field: field))
        case .model: self = MagicCheck.Kind(fileName: fileName).map { .magic(MagicCheck($0, field: field)) } ?? .none
        case .dataset where fileName.hasExtension(in: [".csv"]): self = .table(CSVHeaderCheck(field: field))
        case .dataset where fileName.hasExtension(in: [".zip"]):
            self = .archive(ZipDirectoryCheck(.dataset, field: field))
        case .dataset: self = .none
        }
    }

    package mutating func take(_ piece: RawSpan) throws(Violation) {
        switch consume self {
        case .definition(var check):
            self = .none
            try check.take(piece)
            self = .definition(check)
        case .table(var check):
            self = .none
            try check.take(piece)
            self = .table(check)
        case .archive(var check):
            self = .none
            try check.take(piece)
            self = .archive(check)
        case .magic(var check):
            self = .none
            try check.take(piece)
            self = .magic(check)
        case .none: self = .none
        }
    }

    package mutating func finish() throws(Violation) -> Finding {
        switch self {
        case .definition(var check): return .definition(try check.finish())
        case .table(var check): return .table(try check.finish())
        case .archive(var check):
            self = .none
            try check.finish()
            return .archive
        case .magic(var check):
            try check.finish()
            return .unexamined
        case .none: return .unexamined
        }
    }
}
