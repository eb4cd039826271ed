import JSON
import Testing

@testable import Coverage

@Suite("coverage")
struct CoverageTests {
    @Test("every profile cites its source and reads", arguments: CoverageProfile.names)
    func profiles(_ name: String) throws {
        let profile = try CoverageProfile.named(name)
        #expect(profile.name == name)
        #expect(profile.source["url"]?.stringValue?.hasPrefix("https://") == true)
        #expect(Set(profile.elements.map(\.id)).count == profile.elements.count)
        let counts = ["g7": 50, "ntia": 7, "owasp": 48, "annex-xi": 19, "annex-xii": 11, "annex-iv": 27]
        #expect(profile.elements.count == counts[name])
    }

    @Test("a full answer to the form leaves only what a person must write", arguments: CoverageProfile.names)
    func full(_ name: String) throws {
        let coverage = try Coverage(of: Vectors.document("completed"), by: CoverageProfile.named(name))
        let absent = coverage.findings.filter { !$0.isPresent && !$0.element.countsOnlyIfPresent }
        if name == "owasp" {
            #expect(coverage.score >= 95, "\(absent.map(\.element.id))")
        } else {
            #expect(absent.filter { $0.element.source != "person" }.map(\.element.id) == [])
        }
    }

    @Test("without an answer, what the runner knows is there", arguments: CoverageProfile.names)
    func bare(_ name: String) throws {
        let coverage = try Coverage(of: Vectors.document("bare"), by: CoverageProfile.named(name))
        for finding in coverage.findings where finding.element.source == "runner" {
            #expect(finding.isPresent, "\(finding.element.id)")
        }
        #expect(coverage.score < (try Coverage(of: Vectors.document("completed"), by: coverage.profile).score))
    }

    @Test("what was asked and not answered is unknown, not missing")
    func unknown() throws {
        let coverage = try Coverage(of: Vectors.document("bare"), by: CoverageProfile.named("g7"))
        let licence = try #require(coverage.findings.first { $0.element.id == "MDL-12" })
        guard case .unknown(let pointer) = licence.standing else {
            Issue.record("\(licence.standing)")
            return
        }
        #expect(pointer.hasPrefix("/metadata/component/properties/"))
        #expect(coverage.counts.first { $0.word == "unknown" }?.count ?? 0 > 10)
    }

    @Test("each element that goes takes its part of the score with it", arguments: CoverageProfile.names)
    func removal(_ name: String) throws {
        let profile = try CoverageProfile.named(name)
        let document = try Vectors.document("completed")
        let whole = try Coverage(of: document, by: profile)
        var removals = 0
        for finding in whole.findings where finding.isPresent && finding.element.id != "bomFormat" {
            guard var less = withoutElement(finding.element, document) else { continue }
            if less["bomFormat"] == nil { less = document }
            let coverage = try Coverage(of: less, by: profile)
            guard less["bomFormat"] != nil, less != document else { continue }
            removals += 1
            #expect(coverage.score < whole.score, "\(finding.element.id)")
            #expect(coverage.findings.first { $0.element.id == finding.element.id }?.isPresent == false)
        }
        #expect(removals >= profile.elements.count / 2)
    }

    /// Takes away one place after the other until the element is gone.
    private func withoutElement(_ element: CoverageProfile.Element, _ document: JSON) -> JSON? {
        var document = document
        for _ in 0..<200 {
            let found = element.places.lazy.flatMap { $0.place.find(in: document) }.first
            guard let found else { return document }
            document = document.removing(found.pointer)
        }
        return nil
    }

    @Test("says who vouches, by the property or by what it restates")
    func vouched() throws {
        let owasp = try Coverage(of: Vectors.document("completed"), by: CoverageProfile.named("owasp"))
        func by(_ id: String, _ coverage: Coverage) -> String? {
            guard case .present(_, let by)? = coverage.findings.first(where: { $0.element.id == id })?.standing else {
                return nil
            }
            return by
        }
        #expect(by("domain", owasp) == "declared")
        #expect(by("metric", owasp) == "reported")
        #expect(by("hyperparameter", owasp) == "computed")
        let g7 = try Coverage(of: Vectors.document("completed"), by: CoverageProfile.named("g7"))
        #expect(by("MDL-07", g7) == "observed")
        #expect(by("KPI-02", g7) == "reported")
        #expect(by("DP-07", g7) == "reported")
    }

    @Test("a document of somebody else's says nothing of who vouches")
    func foreign() throws {
        let foreign: JSON = [
            "bomFormat": "CycloneDX", "specVersion": "1.6", "serialNumber": "urn:uuid:1", "version": 1,
            "metadata": ["timestamp": "2026-01-01T00:00:00Z", "component": ["type": "data", "name": ""]],
        ]
        let coverage = try Coverage(of: foreign, by: CoverageProfile.named("ntia"))
        #expect(
            coverage.findings.first { $0.element.id == "timestamp" }?.standing
                == .present(at: "/metadata/timestamp", by: nil))
        // An empty name is no name.
        #expect(coverage.findings.first { $0.element.id == "name" }?.standing == .missing)
        #expect(coverage.score == 14.3)
    }

    @Test("refuses what is no document and no profile")
    func refusals() throws {
        let profile = try CoverageProfile.named("ntia")
        for document: JSON in [nil, [], ["bomFormat": "SPDX"]] {
            #expect(throws: CoverageError.self) { try Coverage(of: document, by: profile) }
        }
        #expect(throws: CoverageError.self) { try CoverageProfile.named("iso") }
        for text in [
            "", "{}", #"{"schema":"aibom-coverage/1","name":"x","title":"x","source":{"title":"x"},"elements":[]}"#,
        ] {
            #expect(throws: CoverageError.self) { try CoverageProfile(parsing: Array(text.utf8)) }
        }
        for path in ["", "x", "/", "/a//b", "/[x]"] { #expect(Place(path) == nil, "\(path)") }
    }
}
