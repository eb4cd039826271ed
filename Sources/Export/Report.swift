internal import JSON

/// What a report says, before it is HTML or Markdown. Texts in it are as somebody else wrote them; renderers make them safe.
struct Report {
    enum Block {
        case paragraph(String)
        /// The last column says who vouches.
        case table([String], [[String]])
    }

    struct Section {
        let heading: String
        var blocks: [Block]
    }

    let title: String
    var sections: [Section] = []

    init(_ bill: Bill, digest: String) {
        title = "AIBoM: \(bill.subject["name"]?.stringValue ?? "")"
        sections = [
            Section(heading: "In short", blocks: [.paragraph(Self.summary(bill)), .paragraph(Self.caution)]),
            Self.facts("The model", of: bill.subject),
            Self.card(bill),
            Self.facts("The data", of: bill.dataset),
            Self.statistics(bill),
            Self.facts("The run", of: bill.root["metadata"] ?? .null),
            Self.parameters(bill),
            Self.vulnerabilities(bill),
            Self.parts(bill),
            Self.packages(bill),
            Section(heading: "Who vouches", blocks: [.table(["word", "who says so"], Self.words)]),
            Section(heading: "Check it", blocks: [.paragraph(Self.check(digest))]),
        ].filter { !$0.blocks.isEmpty }
    }

    private static func summary(_ bill: Bill) -> String {
        let job = bill.run("job.id")?.value ?? "?"
        guard bill.isCompleted else {
            return "Job \(job) failed; there is no model. Why: \(bill.run("job.failure")?.value ?? "not said")"
        }
        let data = bill.dataset["name"]?.stringValue ?? "no dataset"
        return "Job \(job) trained this model on \(data), from \(bill.run("job.started")?.value ?? "?") to "
            + "\(bill.run("job.finished")?.value ?? "?"), in the environment \(bill.rootfs["name"]?.stringValue ?? "?") "
            + "under the policy \(bill.run("policy.name")?.value ?? "?")."
    }

    private static let caution =
        "Each fact has a word behind it that says who vouches for it. What is observed or computed, the service measured from outside "
        + "the training. What is reported, the training said of itself, and a hostile one can lie. What is declared, the submitter "
        + "wrote into a form, and nobody checked it."

    static let words = [
        ["observed", "the service, which measured it from outside the job"],
        ["computed", "the service: it follows from what was observed"],
        ["reported", "the job itself; a hostile job can say anything"],
        ["declared", "the submitter; nobody checked it"],
        ["unknown", "nobody: it was asked for and is not known"],
        ["withheld", "nobody: it is known and not given out"],
    ]

    static func check(_ digest: String) -> String {
        "This page is made from aibom.json with SHA-256 \(digest). It is not signed: what is signed is that file. With the public key "
            + "from a source that you trust: aibom verify FOLDER --key KEY.pem, or: openssl dgst -sha256 -verify KEY.pem -signature "
            + "aibom.sig aibom.json"
    }
}

extension Report {
    /// Everything that a part says of itself under our names, and its digest.
    private static func facts(_ heading: String, of part: JSON) -> Section {
        var rows = Bill.facts(of: part).map { [Labels.label($0.name), $0.value ?? "", $0.trust] }
        if let digest = Bill.sha256(of: part) { rows.insert([Labels.label("sha256"), digest, "observed"], at: 0) }
        return Section(heading: heading, blocks: rows.isEmpty ? [] : [.table(["what", "value", "vouched"], rows)])
    }

    /// What the job says of the model, and how well it does.
    private static func card(_ bill: Bill) -> Section {
        let metrics = bill.card["quantitativeAnalysis"]?["performanceMetrics"]?.arrayValue ?? []
        var rows = metrics.map { metric in
            [metric["type"]?.stringValue ?? "", metric["value"]?.stringValue ?? "", "reported"]
        }
        rows += Bill.facts(of: bill.card).map { [Labels.label($0.name), $0.value ?? "", $0.trust] }
        guard !rows.isEmpty else { return Section(heading: "", blocks: []) }
        return Section(
            heading: "What the training says of the model",
            blocks: [
                .paragraph("No figure in this table was measured by the service."),
                .table(["what", "value", "vouched"], rows),
            ])
    }

    private static func statistics(_ bill: Bill) -> Section {
        let contents = bill.dataset["data"]?.arrayValue?.first?["contents"] ?? .null
        let rows = Bill.facts(of: contents).map { [Labels.label($0.name), $0.value ?? "", $0.trust] }
        return Section(
            heading: "What the training says of the data",
            blocks: rows.isEmpty ? [] : [.table(["what", "value", "vouched"], rows)])
    }

    private static func parameters(_ bill: Bill) -> Section {
        let rows = Bill.facts(of: bill.task).map {
            [Labels.label($0.name), $0.value ?? "worked out by the trainer", $0.trust]
        }
        return Section(heading: "Parameters", blocks: rows.isEmpty ? [] : [.table(["what", "value", "vouched"], rows)])
    }

    /// Not searched is never shown as clean.
    private static func vulnerabilities(_ bill: Bill) -> Section {
        let heading = "Known vulnerabilities of the environment"
        guard let list = bill.root["vulnerabilities"]?.arrayValue else {
            return Section(
                heading: heading,
                blocks: [
                    .paragraph(
                        "NOT SCANNED. Nobody searched the packages of this environment for known vulnerabilities. That none is listed "
                            + "says nothing.")
                ])
        }
        let scan = Bill.fact("vulnerabilities.scan", of: bill.rootfs)?.value ?? ""
        let unscanned = Bill.fact("vulnerabilities.packages.unscanned", of: bill.rootfs)?.value ?? "?"
        let words = "A search was \(scan): \(list.count) found; packages that no advisory source covers: \(unscanned)."
        guard !list.isEmpty else { return Section(heading: heading, blocks: [.paragraph(words)]) }
        let rows = list.map { one in
            [
                one["id"]?.stringValue ?? "", one["affects"]?.arrayValue?.first?["ref"]?.stringValue ?? "",
                one["analysis"]?["state"]?.stringValue ?? "not looked at", one["recommendation"]?.stringValue ?? "",
            ]
        }
        return Section(
            heading: heading, blocks: [.paragraph(words), .table(["advisory", "package", "state", "remedy"], rows)])
    }

    private static func parts(_ bill: Bill) -> Section {
        let rows = bill.components.dropFirst(bill.isCompleted ? 1 : 0).map { component in
            [
                component["bom-ref"]?.stringValue ?? "", component["name"]?.stringValue ?? "",
                component["version"]?.stringValue ?? "", Bill.sha256(of: component) ?? "",
            ]
        }
        return Section(
            heading: "Inputs, outputs and platform",
            blocks: rows.isEmpty ? [] : [.table(["part", "name", "version", "sha256"], rows)])
    }

    private static func packages(_ bill: Bill) -> Section {
        let rows = bill.packages.map { package in
            let licenses = (package["licenses"]?.arrayValue ?? []).compactMap { license in
                license["expression"]?.stringValue ?? license["license"]?["id"]?.stringValue
                    ?? license["license"]?["name"]?.stringValue
            }
            return [
                package["name"]?.stringValue ?? "", package["version"]?.stringValue ?? "",
                licenses.isEmpty ? "unknown" : licenses.joined(separator: ", "), package["purl"]?.stringValue ?? "",
            ]
        }
        return Section(
            heading: "Software in the environment",
            blocks: rows.isEmpty ? [] : [.table(["package", "version", "licence", "package URL"], rows)])
    }
}
