package import JSON

/// An AIBoM in the words of others. Pure: the same document, the same bytes. None of it is signed: the evidence stays `aibom.json`.
package enum Export {
    package enum Format: String, CaseIterable, Sendable {
        /// SPDX 3.0.1 with the AI, Dataset, Build and Software profiles, as JSON-LD.
        case spdx3
        /// A page for a browser, and the same as Markdown, for people who don't read JSON.
        case html, md
        /// The skeleton of the technical documentation that the EU AI Act asks for (Annexes IV and XI), as Markdown.
        case annex
    }

    /// - Parameters:
    ///   - document: an AIBoM.
    ///   - digest: SHA-256 of its bytes, in hex, by which what is made of it names it.
    ///   - format: what to make.
    /// - Throws: `ExportError` for what is no AIBoM.
    /// - Returns: a file of that format.
    package static func render(
        _ document: JSON, digest: String, as format: Format
    ) throws(ExportError) -> [UInt8] {
        let bill = try Bill(document)
        switch format {
        case .spdx3: return SPDXDocument(bill).json.prettyBytes()
        case .html: return Array(Page(Report(bill, digest: digest)).text.utf8)
        case .md: return Array(Markdown(Report(bill, digest: digest)).text.utf8)
        case .annex: return Array(Markdown(Report(annexesOf: bill, digest: digest)).text.utf8)
        }
    }
}
