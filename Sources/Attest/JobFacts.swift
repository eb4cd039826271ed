/// Everything that an AIBoM states of one job. What is nil was asked for and is not known.
///
/// Who may state what is fixed by the place a fact has here: the composer marks it accordingly and looks nothing up.
package struct JobFacts: Sendable, Equatable {
    /// UUIDv7 in lower case; the document's serial number is made of it.
    package var job: String
    package var attempt: Int
    package var outcome: Outcome
    /// RFC 3339 in UTC.
    package var submitted: String
    package var started: String?
    package var finished: String
    package var inputs: [Input] = []
    package var outputs: [Output] = []
    package var parameters: [Parameter] = []
    /// Nil when it is not known what was asked for.
    package var request: Request?
    package var declared: [Declared] = []
    /// Nil when it is not known which program ran.
    package var program: Program?
    package var rootfs: RootFileSystem
    package var supervisor: Supervisor
    package var policy: Policy
    /// SHA-256 of the canonical form of the system calls that confined the job.
    package var tape: String?
    /// What confined the job, one measure each.
    package var confinement: [Confinement] = []
    package var limits: [Limit] = []
    package var environment = Environment()
    /// `platform.json`: how the machine was started, as the supervisor measured it.
    package var platform: File?
    package var usage = Usage()
    /// Nil when the policy puts no call on record.
    package var denied: Denied?
    package var logsTruncated = false
    /// The job reported more than was taken, or what could not be read.
    package var reportTruncated = false
    /// What the job wrote about itself; believed by nobody, marked `reported`.
    package var reported = Reported()
    /// Reported facts that were refused for their shape; the composer finds them.
    var refusedReports: [String] = []
    package var builderID: String
    /// Who runs the supervisor, and where they say how to report a vulnerability; as the operator set it.
    package var operatorName: String?
    package var securityPolicy: String?
    /// Hex SHA-256 of the DER SubjectPublicKeyInfo of the key that will sign.
    package var keyID: String

    package init(
        job: String, attempt: Int, outcome: Outcome, submitted: String, started: String?, finished: String,
        rootfs: RootFileSystem, supervisor: Supervisor, policy: Policy, builderID: String, keyID: String
    ) {
        self.job = job
        self.attempt = attempt
        self.outcome = outcome
        self.submitted = submitted
        self.started = started
        self.finished = finished
        self.rootfs = rootfs
        self.supervisor = supervisor
        self.policy = policy
        self.builderID = builderID
        self.keyID = keyID
    }
}
