package import Measure

/// What an input is to a training.
package enum InputRole: String, Sendable, CaseIterable, Codable {
    case model, dataset, definition
}

/// One input of a job: a blob that is stored already, the name its sender gave it, and its part in the training.
package struct JobInput: Sendable, Equatable {
    package let role: InputRole
    package let fileName: FileName
    package let digest: Digest

    package init(role: InputRole, fileName: FileName, digest: Digest) {
        self.role = role
        self.fileName = fileName
        self.digest = digest
    }
}
