internal import Intake
internal import JSON
internal import Jobs
internal import Measure
internal import NIOCore
internal import NIOHTTP1

/// `POST /submit_job_by_model_and_data`: a form whose files go straight to the supervisor's store as they arrive, and then a job with
/// those that are small enough to go along with it.
///
/// Nothing of it is written here, and of a form no more than a parcel's bytes and a few pieces are ever in memory.
extension Desk {
    func seedSubmit(_ request: Incoming) async throws -> Reply {
        let boundary = try Boundary(contentType: request.head.headers.first(name: "content-type"))
        let environments = try await environments.environments(for: request.credential) {
            try await askEnvironments(for: request)
        }
        var limits = MultipartLimits()
        limits.totalBytes = self.limits.uploadBody
        let submission = SeedSubmission(
            reader: FormReader(request.body, boundary, limits), environments: environments, request: request,
            supervisor: supervisor,
            form: SeedForm(rootfs: configuration.standardRootfs, policy: configuration.standardPolicy))
        return try await submit(submission.read(), for: request)
    }

    /// Asked first: who may not submit learns it before a byte of the form is read.
    private func askEnvironments(for request: Incoming) async throws -> [RootfsDescription] {
        let document = try await supervisor.document(.GET, "/v1/rootfs", for: request)
        guard let elements = document["rootfs"]?.arrayValue else { throw GatewayError.badAnswer }
        return elements.compactMap(RootfsDescription.init(json:))
    }

    private func submit(_ parcel: JobParcel, for request: Incoming) async throws -> Reply {
        var headers = HTTPHeaders()
        if let key = request.head.headers.first(name: "idempotency-key") {
            headers.add(name: "idempotency-key", value: key)
        }
        let answer = try await supervisor.document(
            .POST, "/v1/jobs", for: request, (JobParcel.mediaType, parcel.body), headers: headers)
        guard let id = answer["job_id"]?.stringValue.flatMap(JobID.init) else { throw GatewayError.badAnswer }
        return Reply(
            json: [
                "job_id": .string(id.description), "status": "Training started", "unique_dir": .string(id.description),
            ], headers: ["location": "/v1/jobs/\(id)"])
    }
}

/// One form on its way.
private struct SeedSubmission {
    let reader: FormReader
    let environments: [RootfsDescription]
    let request: Incoming
    let supervisor: SupervisorClient
    var form: SeedForm
    private var agreement = SubmissionCheck()
    /// Files that go along with the job.
    private var held: [InputRole: [UInt8]] = [:]

    init(
        reader: FormReader, environments: [RootfsDescription], request: Incoming, supervisor: SupervisorClient,
        form: SeedForm
    ) {
        self.reader = reader
        self.environments = environments
        self.request = request
        self.supervisor = supervisor
        self.form = form
    }

    /// Reads the form to its end; its files are stored then, or in the parcel.
    consuming func read() async throws -> JobParcel {
        while let part = try await reader.nextPart() {
            switch (SeedForm.Field(part.name), part.fileName) {
            case (.file(let role), let name?): try await take(role, named: name)
            case (.file, nil):
                throw Violation(
                    part.name, "is a text",
                    remedy: "send it as a file, with a filename, as curl -F \(part.name)=@… does")
            case (let field, nil): form.set(field, to: try await text(part.name))
            case (_, .some):
                throw Violation(part.name, "is a file", remedy: "send the field as a text, without a filename")
            }
        }
        return JobParcel(try form.request(for: environment()), with: held)
    }

    private func environment() throws(Violation) -> RootfsDescription {
        guard let found = environments.first(where: { $0.name == form.rootfs }) else {
            let known = environments.map(\.name)
            let slip = Violation.unknown(form.rootfs, in: "", known: known)
            throw Violation("rootfs", "names none that is here", limit: slip.limit, remedy: slip.remedy)
        }
        return found
    }

    private func text(_ name: String) async throws -> String {
        var text = TextField(name)
        while let piece = try await reader.nextPiece() { text.append(piece.readableBytesSpan) }
        return try text.text()
    }

    /// What is known to be wrong is said before the file is read.
    private mutating func take(_ role: InputRole, named name: FileName) async throws {
        let environment = try environment()
        let field = SeedForm.name(of: role)
        try form.checkTexts(against: environment)
        guard let rule = environment.inputs[role] else {
            throw Violation(field, "is not taken by rootfs \(form.rootfs)", remedy: "leave it out")
        }
        guard name.hasExtension(in: rule.extensions) else {
            throw Violation(
                field, "has an extension that rootfs \(form.rootfs) does not take",
                limit: .array(rule.extensions.map(JSON.string)),
                remedy: "send a file that ends in \(rule.extensions.joined(separator: " or "))")
        }
        await reader.examine(UploadCheck(role, fileName: name, field: field), limit: rule.maximumBytes)
        let digest = try await content(of: role)
        if let finding = try await reader.finding() { try agreement.add(finding, as: role) }
        form.add(JobInput(role: role, fileName: name, digest: digest))
    }

    /// Holds the present part, or stores it where that is too much.
    private mutating func content(of role: InputRole) async throws -> Digest {
        let room = JobParcel.maximumBytes - held.values.reduce(0) { $0 + $1.count }
        var first = ByteBuffer()
        while first.readableBytes <= room {
            guard var piece = try await reader.nextPiece() else {
                let bytes = Array(first.readableBytesView)
                held[role] = bytes
                return Digest.of(bytes)
            }
            first.writeBuffer(&piece)
        }
        let content = PartContent(form: reader, first: first)
        let answer = try await supervisor.upload(content, to: "/v1/blobs", for: request)
        guard let blob = Blob(json: answer) else { throw GatewayError.badAnswer }
        return blob.digest
    }
}
