internal import Intake
internal import JSON
internal import Jobs
internal import Measure

/// The fields of the reference system's form, by name: what became of its files, and its texts.
struct SeedForm: Sendable {
    enum Field: Sendable, Equatable {
        case file(InputRole)
        case framework, rootfs, policy
        case metadata(Metadata.Field)
        /// Any other name: a parameter, if the environment knows it.
        case parameter(String)

        init(_ name: String) {
            switch name {
            case "model": self = .file(.model)
            case "dataset": self = .file(.dataset)
            case "dataset_definition": self = .file(.definition)
            case "framework": self = .framework
            case "rootfs": self = .rootfs
            case "policy": self = .policy
            default: self = Metadata.Field(rawValue: name).map(Field.metadata) ?? .parameter(name)
            }
        }
    }

    /// What a role's field is called in the form.
    static func name(of role: InputRole) -> String { role == .definition ? "dataset_definition" : role.rawValue }

    var rootfs: String
    var policy: String
    private(set) var inputs: [JobInput] = []
    private var framework: String?
    private var parameters = JSONObject()
    private var metadata = JSONObject()

    init(rootfs: String, policy: String) {
        self.rootfs = rootfs
        self.policy = policy
    }

    mutating func add(_ input: JobInput) { inputs.append(input) }

    /// Takes a text. One that is empty says nothing: browsers send every field that a form has.
    mutating func set(_ field: Field, to text: String) {
        guard !text.isEmpty else { return }
        switch field {
        case .file: break
        case .framework: framework = text
        case .rootfs: rootfs = text
        case .policy: policy = text
        case .metadata(let field): metadata[field.rawValue] = .string(text)
        case .parameter(let name): parameters[name] = SeedForm.number(text)
        }
    }

    /// Checks the texts so far against what the environment takes; cheap, so it can be done before each file.
    func checkTexts(against description: RootfsDescription) throws(Violation) {
        try Framework.check(framework, rootfs: description.name)
        do throws(Violation) {
            _ = try description.parameters.effective(given: parameters)
            _ = try Metadata(json: .object(metadata))
        } catch {
            throw error.named(inForm: description)
        }
    }

    /// The request that the form comes to.
    ///
    /// - Throws: a `Violation` that names the form's field.
    func request(for description: RootfsDescription) throws(Violation) -> JobRequest {
        try checkTexts(against: description)
        do throws(Violation) {
            let request = JobRequest(
                rootfs: rootfs, policy: policy, inputs: inputs, parameters: parameters,
                metadata: try Metadata(json: .object(metadata)))
            try request.validate(against: description)
            return request
        } catch {
            throw error.named(inForm: description)
        }
    }

    /// The number that the text spells, digit for digit; other text stays text, to be refused by name.
    private static func number(_ text: String) -> JSON {
        switch try? JSON.parse(Array(text.utf8), limits: .report) {
        case .integer(let value)?: .integer(value)
        case .decimal(let value)?: .decimal(value)
        default: .string(text)
        }
    }
}

extension Violation {
    /// The same about the form's field instead of the request's that the form becomes.
    fileprivate func named(inForm description: RootfsDescription) -> Violation {
        for role in InputRole.allCases where field.hasPrefix("inputs.\(role.rawValue)") {
            return renamed(SeedForm.name(of: role))
        }
        for group in ["parameters.", "metadata."] where field.hasPrefix(group) {
            let name = String(field.dropFirst(group.count))
            // A name that is none of the parameters may be a slip for any field of the form.
            if group == "parameters.", reason == "is not known" {
                let fields =
                    InputRole.allCases.map(SeedForm.name) + ["framework", "rootfs", "policy"]
                    + Metadata.Field.allCases.map(\.rawValue) + description.parameters.parameters.map(\.name)
                return .unknown(name, in: "", known: fields)
            }
            return renamed(name)
        }
        return self
    }

    private func renamed(_ field: String) -> Violation { Violation(field, reason, limit: limit, remedy: remedy) }
}

/// What the reference system calls a framework: there a fixed word, here what the environment trains with.
private enum Framework {
    private static let known = ["keras": ["keras", "jax"]]

    static func check(_ framework: String?, rootfs: String) throws(Violation) {
        guard let framework else { return }
        let offered = known[rootfs] ?? [rootfs]
        let first = framework.split(separator: " ").first.map { $0.lowercased() } ?? ""
        guard offered.contains(first) else {
            throw Violation(
                "framework", "is not one that rootfs \(rootfs) trains with", limit: .array(offered.map(JSON.string)),
                remedy: "leave it out, or name one of them; a .keras file of Keras 3 trains on any")
        }
    }
}
