internal import Coverage
internal import JSON

extension Report {
    /// The technical documentation of the EU AI Act, filled with what is known: a skeleton, and it says so.
    init(annexesOf bill: Bill, digest: String) {
        title = "Technical documentation: \(bill.subject["name"]?.stringValue ?? "")"
        sections = [
            Section(
                heading: "What this is",
                blocks: [
                    .paragraph(
                        "A skeleton after Regulation (EU) 2024/1689, filled from the AIBoM of job \(bill.run("job.id")?.value ?? "?"). "
                            + "It is no legal advice and no declaration of conformity. Where it says \(Self.gap), a person must write."
                    ),
                    .paragraph(Self.check(digest)),
                ])
        ]
        for name in ["annex-iv", "annex-xi"] {
            guard let profile = try? CoverageProfile.named(name),
                let coverage = try? Coverage(of: bill.root, by: profile)
            else { continue }
            sections.append(Self.overview(coverage))
            sections += coverage.findings.map(Self.section)
        }
    }

    private static let gap = "TO BE WRITTEN"

    private static func overview(_ coverage: Coverage) -> Section {
        let present = coverage.findings.count { $0.isPresent }
        return Section(
            heading: coverage.profile.title,
            blocks: [
                .paragraph(
                    "\(present) of \(coverage.findings.count) points have something in the AIBoM. That a point has something does not "
                        + "mean that it is enough.")
            ])
    }

    private static func section(_ finding: Coverage.Finding) -> Section {
        var blocks: [Block] = []
        switch finding.standing {
        case .present(let pointer, let by):
            blocks = [
                .table(
                    ["from the AIBoM", "at", "vouched"],
                    [[text(of: finding.value), pointer, by ?? "not said"]])
            ]
        case .withheld: blocks = [.paragraph("\(gap): known to the service and not given out.")]
        case .unknown, .missing: blocks = [.paragraph("\(gap): \(remedy(for: finding.element)).")]
        }
        if let note = finding.element.note { blocks.append(.paragraph(note)) }
        return Section(heading: "\(finding.element.id) \(finding.element.name)", blocks: blocks)
    }

    private static func remedy(for element: CoverageProfile.Element) -> String {
        switch element.source {
        case "submitter": "the submission form asked for this and had no answer"
        case "operator": "the operator of the service can set this"
        case "runner": "this run did not yield it"
        default: "no service can know this"
        }
    }

    private static func text(of value: JSON?) -> String {
        guard let value else { return "" }
        return value["value"]?.stringValue ?? value.stringValue ?? value.description
    }
}
