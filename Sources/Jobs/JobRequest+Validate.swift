internal import JSON
package import Measure

extension JobRequest {
    /// Checks everything that a rootfs says about its inputs and parameters; pure, so that the gateway and the CLI can ask
    /// the same question before a byte is uploaded.
    ///
    /// - Parameters:
    ///   - rootfs: the one that `self.rootfs` names.
    ///   - size: how large the blob of a digest is; nil when it is not stored. Leave it out to check the rest.
    /// - Throws: a `Violation` for the first rule that is broken.
    /// - Returns: every parameter of the rootfs with its value in this job.
    @discardableResult
    package func validate(
        against rootfs: RootfsDescription, size: ((Digest) -> UInt64?)? = nil
    ) throws(Violation) -> [EffectiveParameter] {
        for role in InputRole.allCases { try check(role, rule: rootfs.inputs[role], size: size) }
        return try rootfs.parameters.effective(given: parameters)
    }

    private func check(
        _ role: InputRole, rule: RootfsDescription.InputRule?, size: ((Digest) -> UInt64?)?
    ) throws(Violation) {
        let field = "inputs.\(role.rawValue)"
        switch (inputs.first { $0.role == role }, rule) {
        case (nil, nil): break
        case (nil, .some): throw Violation(field, "is missing", remedy: "rootfs \(rootfs) needs a \(role.rawValue)")
        case (.some, nil): throw Violation(field, "is not taken by rootfs \(rootfs)", remedy: "leave it out")
        case (let input?, let rule?):
            guard input.fileName.hasExtension(in: rule.extensions) else {
                throw Violation(
                    "\(field).file_name", "has an extension that rootfs \(rootfs) does not take",
                    limit: .array(rule.extensions.map { .string($0) }),
                    remedy: "send a file that ends in \(rule.extensions.joined(separator: " or "))")
            }
            guard let size else { break }
            try check(size(input.digest), of: field, rule: rule)
        }
    }

    private func check(
        _ size: UInt64?, of field: String, rule: RootfsDescription.InputRule
    ) throws(Violation) {
        guard let size else {
            throw Violation(
                "\(field).sha256", "names a blob that is not stored", remedy: "upload the file to /v1/blobs first")
        }
        guard size <= rule.maximumBytes else {
            throw Violation(
                field, "has \(size) bytes, more than rootfs \(rootfs) takes",
                limit: .integer(Int64(clamping: rule.maximumBytes)), remedy: "send a smaller file")
        }
    }
}
