import Attest
import JSON

/// What the golden training has beside its files.
extension Fixtures {
    /// One answer to every question of the form.
    static let answers: [(key: String, value: String)] = [
        ("model_name", "Digits"), ("model_version", "1.0.0"), ("model_description", "Reads one handwritten digit."),
        ("author", "A. Trainer"), ("supplier", "Example Labs"), ("model_type", "CNN"),
        ("architecture_family", "convolutional network"), ("task", "image-classification"),
        ("learning_approach", "supervised"), ("domain", "document processing"), ("base_model", "mnist-base"),
        ("base_model_source", "https://models.example/mnist-base"), ("intended_use", "reading digits"),
        ("users", "post offices\nbanks"), ("out_of_scope", "reading letters"),
        ("misuse_or_malicious", "solving captchas"), ("acceptable_use", "Only on forms that their writers handed in."),
        ("performance_tradeoffs", "small and fast before accurate"),
        ("ethical_considerations", "may misread the old and the sick"),
        ("ethical_mitigation", "a person reads what is doubtful"), ("groups_at_risk", "people with a tremor"),
        ("fairness_harms", "their forms are returned"),
        ("fairness_mitigation", "a threshold below which nothing is returned"),
        ("personal_data", "no"), ("explainability", "saliency maps in the documentation"),
        ("decision_threshold", "0.9"), ("autonomy", "no"), ("human_oversight", "a clerk confirms each form"),
        ("safety_risk", "low"), ("standards", "ISO/IEC 42001"), ("distribution", "as a file, to members"),
        ("website", "https://digits.example/"), ("vcs", "https://git.example/digits"),
        ("documentation", "https://digits.example/paper"), ("license_name", "Apache-2.0"),
        ("system_name", "Form reader"), ("system_version", "2.1.0"), ("system_producer", "Example Labs"),
        ("system_data_flow", "scan to digits to database"), ("system_data_usage", "scans are deleted after a day"),
        ("dataset_name", "Digits of 2026"), ("dataset_description", "28 by 28 pixels, in rows."),
        ("dataset_license", "CC-BY-4.0 OR MIT"), ("dataset_source", "https://data.example/digits"),
        ("dataset_collection", "written by volunteers in 2026"),
        ("dataset_preparation", "centred; labelled by two people"),
        ("dataset_rights", "every writer consented"), ("dataset_known_bias", "mostly right-handed writers"),
        ("dataset_classification", "public"), ("dataset_sensitive_data", "handwriting\nage groups"),
        ("dataset_owner", "Example Labs"), ("dataset_custodian", "The archive"), ("dataset_steward", "D. Keeper"),
    ]

    static let scan = JobFacts.Scan(
        time: "2026-11-20T00:00:00.000Z", advisories: 1200, newest: "2026-11-19T00:00:00Z", database: digest("a"),
        unscanned: 0, outdated: ["libc6"],
        findings: [
            .init(
                id: "DEBIAN-CVE-2026-1", aliases: ["CVE-2026-1"], summary: "An overflow in a function.",
                package: "pkg:deb/debian/libc6@2.36-9%2Bdeb12u13?arch=amd64&distro=bookworm",
                fixed: "2.36-9+deb12u14", published: "2026-11-01T00:00:00Z",
                analysis: .init(
                    state: "not_affected", justification: "code_not_reachable", detail: "the trainer never calls it"))
        ])

    static func reported() throws -> JobFacts.Reported {
        .init(
            run: try object(
                """
                {"framework":"keras","framework_version":"3.12.0","seed":42,"input_shape":[28,28,1],"output_shape":[10],\
                "learning_rate":null,"preprocessing":{"normalize":true,"clip":[0.0,1.0]},"label_map":{"3":0,"5":1},\
                "metrics":{"loss":[0.5,0.125],"accuracy":0.97,"val_accuracy":0.96}}
                """),
            model: try object(
                """
                {"class":"Sequential","parameter_count":26,"trainable_parameters":26,"versions":{"numpy":"2.4.6"},\
                "layers":[{"name":"dense","class":"Dense","output_shape":[null,4],"parameters":16}]}
                """),
            dataset: try object(
                """
                {"rows":10,"columns_in_file":2,"duplicate_rows":1,"missing_cells":0,"columns":[{"name":"a","type":"float",\
                "missing":0,"distinct":9,"mean":0.5,"variance":0.25,"minimum":0.0,"maximum":1.0,"median":0.5,"skewness":0.0}],\
                "class_balance":[{"label":3,"index":0,"training":4,"validation":1},{"label":5,"index":1,"training":4,"validation":1}],\
                "split":{"training_rows":8,"validation_rows":2,"training_sha256":"\(digest("1"))","validation_sha256":"\(digest("2"))"}}
                """))
    }
}
