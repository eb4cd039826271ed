internal import JSON

extension PlatformRecord {
    package static let format = "aibom-platform/1"

    /// The record's only bytes: RFC 8785, no final newline.
    ///
    /// - Throws: `AttestError.json` for a number that no double holds exactly.
    package func bytes() throws(AttestError) -> [UInt8] {
        do throws(JSONError) { return try json.canonicalBytes() } catch { throw .json(error) }
    }

    /// Reads a record, and takes no other bytes for it than those that `bytes()` gives.
    ///
    /// A member that is not of this format can't survive: what was read is written again and compared.
    ///
    /// - Throws: `AttestError` that names the member.
    package init(_ bytes: [UInt8]) throws(AttestError) {
        let value: JSON
        do throws(JSONError) { value = try JSON.parse(bytes, limits: .report) } catch { throw .json(error) }
        let fields = RecordFields("platform record", value)
        guard value["format"] == .string(Self.format) else { throw fields.fault("format", "is not \(Self.format)") }
        self.init(
            startedAt: try fields.text("started_at"), productVersion: try fields.text("version"),
            executables: try fields.list("executables", Executable.init),
            configuration: try Configuration(try fields.fields("configuration")),
            policies: try fields.list("policies", Policy.init), rootfs: try fields.list("rootfs", Rootfs.init),
            kernel: try Kernel(try fields.fields("kernel")), keys: try fields.texts("keys"),
            tpm: value["tpm"] == .null ? nil : try TPM(try fields.fields("tpm")))
        guard try self.bytes() == bytes else {
            throw .document("platform record: not in its one form: a member too many, out of order, or spaced")
        }
    }

    private var json: JSON {
        [
            "format": .string(Self.format), "started_at": .string(startedAt), "version": .string(productVersion),
            "executables": .array(executables.map(\.json)), "configuration": configuration.json,
            "policies": .array(policies.map(\.json)), "rootfs": .array(rootfs.map(\.json)), "kernel": kernel.json,
            "keys": .texts(keys), "tpm": tpm?.json ?? .null,
        ]
    }
}

extension PlatformRecord.Executable {
    fileprivate init(_ fields: RecordFields) throws(AttestError) {
        self.init(
            name: try fields.text("name"), sha256: try fields.digest("sha256"), size: try fields.natural("size"))
    }

    fileprivate var json: JSON { ["name": .string(name), "sha256": .string(sha256), "size": .integer(size)] }
}

extension PlatformRecord.Configuration {
    fileprivate init(_ fields: RecordFields) throws(AttestError) {
        self.init(
            sha256: try fields.digest("sha256"), settings: try fields.texts("settings"),
            withheld: try fields.textList("withheld"))
    }

    fileprivate var json: JSON {
        ["sha256": .string(sha256), "settings": .texts(settings), "withheld": .array(withheld.map(JSON.string))]
    }

    /// What `sha256` is over.
    ///
    /// - Parameter settings: those that are shown, by name.
    /// - Throws: `AttestError.json`, which texts give no reason for.
    /// - Returns: RFC 8785 of one object.
    package static func canonicalBytes(of settings: [String: String]) throws(AttestError) -> [UInt8] {
        do throws(JSONError) { return try JSON.texts(settings).canonicalBytes() } catch { throw .json(error) }
    }
}

extension PlatformRecord.Policy {
    fileprivate init(_ fields: RecordFields) throws(AttestError) {
        self.init(
            name: try fields.text("name"), sha256: try fields.digest("sha256"),
            filterSHA256: try fields.digest("filter_sha256"))
    }

    fileprivate var json: JSON {
        ["name": .string(name), "sha256": .string(sha256), "filter_sha256": .string(filterSHA256)]
    }
}

extension PlatformRecord.Rootfs {
    fileprivate init(_ fields: RecordFields) throws(AttestError) {
        self.init(
            name: try fields.text("name"), manifestSHA256: try fields.digest("manifest_sha256"),
            imageSHA256: try fields.digest("image_sha256"), recipe: try fields.text("recipe"))
    }

    fileprivate var json: JSON {
        [
            "name": .string(name), "manifest_sha256": .string(manifestSHA256), "image_sha256": .string(imageSHA256),
            "recipe": .string(recipe),
        ]
    }
}

extension PlatformRecord.Kernel {
    fileprivate init(_ fields: RecordFields) throws(AttestError) {
        release = try fields.known("release", fields.text)
        version = try fields.known("version", fields.text)
        machine = try fields.known("machine", fields.text)
        commandLineSHA256 = try fields.known("command_line_sha256", fields.digest)
        lockdown = try fields.known("lockdown", fields.text)
        enforcesModuleSignatures = try fields.known("module_signatures_enforced", fields.flag)
        taint = try fields.known("tainted", fields.natural)
        isSecureBoot = try fields.known("secure_boot", fields.flag)
        securityModules = try fields.known("security_modules", fields.textList)
        bootID = try fields.known("boot_id", fields.text)
    }

    fileprivate var json: JSON {
        [
            "release": .known(release.map(JSON.string)), "version": .known(version.map(JSON.string)),
            "machine": .known(machine.map(JSON.string)),
            "command_line_sha256": .known(commandLineSHA256.map(JSON.string)),
            "lockdown": .known(lockdown.map(JSON.string)),
            "module_signatures_enforced": .known(enforcesModuleSignatures.map(JSON.bool)),
            "tainted": .known(taint.map(JSON.integer)), "secure_boot": .known(isSecureBoot.map(JSON.bool)),
            "security_modules": .known(securityModules.map { .array($0.map(JSON.string)) }),
            "boot_id": .known(bootID.map(JSON.string)),
        ]
    }
}

extension PlatformRecord.TPM {
    fileprivate init(_ fields: RecordFields) throws(AttestError) {
        self.init(
            attestationKeyName: try fields.text("attestation_key_name"), register: try fields.natural("register"))
    }

    fileprivate var json: JSON {
        ["attestation_key_name": .string(attestationKeyName), "register": .integer(register)]
    }
}

extension JSON {
    static func known(_ value: JSON?) -> JSON { value ?? .null }

    /// An object of texts. The order in which a dictionary gives them is of no account: only canonical bytes are made of it.
    static func texts(_ texts: [String: String]) -> JSON {
        var object = JSONObject()
        for (key, value) in texts { object[key] = .string(value) }
        return .object(object)
    }
}
