internal import Foundation
internal import Measure

extension Routes {
    /// What the page of documents may do: its one script and its one style, by their digests, and one request to us.
    static let docsPolicy: String = {
        let page = String(decoding: PackageResources.docs_html, as: UTF8.self)
        return [
            "default-src 'none'", "script-src \(source("script", of: page))", "style-src \(source("style", of: page))",
            "connect-src 'self'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
        ].joined(separator: "; ")
    }()

    /// `'sha256-…'` of what stands between the element's tags; `'none'` when there is no such element.
    private static func source(_ element: String, of page: String) -> String {
        guard let start = page.range(of: "<\(element)>"),
            let end = page.range(of: "</\(element)>", range: start.upperBound..<page.endIndex)
        else { return "'none'" }
        let digest = Digest.of(Array(page[start.upperBound..<end.lowerBound].utf8))
        return "'sha256-\(Data(digest.bytes).base64EncodedString())'"
    }
}
