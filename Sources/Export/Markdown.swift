/// A report as Markdown (CommonMark with GitHub's tables). Texts of others stay texts: every character that means something is
/// escaped, so that neither HTML nor a link nor a second table can come out of them.
struct Markdown {
    let text: String

    init(_ report: Report) {
        var markdown = "# \(Self.escaped(report.title))\n"
        for section in report.sections {
            markdown += "\n## \(Self.escaped(section.heading))\n"
            for block in section.blocks { markdown += "\n" + Self.block(block) }
        }
        text = markdown
    }

    private static func block(_ block: Report.Block) -> String {
        switch block {
        case .paragraph(let text): return escaped(text) + "\n"
        case .table(let head, let rows):
            var lines = [head, head.map { _ in "---" }]
            lines += rows.map { $0.map(escaped) }
            return lines.map { "| " + $0.joined(separator: " | ") + " |\n" }.joined()
        }
    }

    static func escaped(_ text: String) -> String {
        var markdown = ""
        for scalar in Visible.text(text).unicodeScalars {
            switch scalar {
            case "\n": markdown += " "
            case "<": markdown += "&lt;"
            case ">": markdown += "&gt;"
            case "&": markdown += "&amp;"
            case "\\", "`", "*", "_", "{", "}", "[", "]", "(", ")", "#", "+", "!", "|", "~", "$", "@":
                markdown += "\\"
                markdown.unicodeScalars.append(scalar)
            default: markdown.unicodeScalars.append(scalar)
            }
        }
        // Where bare addresses are links, these are what makes them so.
        return markdown.replacing("://", with: "&#58;//").replacing("www.", with: "www&#46;")
    }
}
