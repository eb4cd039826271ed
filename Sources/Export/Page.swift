/// A report as one HTML file that loads nothing: no script, no picture, no font, and a policy that forbids them.
struct Page {
    let text: String

    init(_ report: Report) {
        var html = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
            <meta name="viewport" content="width=device-width">
            <title>\(Self.escaped(report.title))</title>
            <style>
            body{font:16px/1.5 sans-serif;max-width:70em;margin:2em auto;padding:0 1em;color:#222;background:#fff}
            table{border-collapse:collapse;width:100%;margin:.5em 0}
            th,td{border:1px solid #ccc;padding:.25em .5em;text-align:left;vertical-align:top;overflow-wrap:anywhere}
            th{background:#eee}
            .observed,.computed{background:#e3f4e3}
            .reported{background:#fdf3d8}
            .declared{background:#e6eefb}
            .unknown,.withheld{background:#eee;font-style:italic}
            </style>
            </head>
            <body>
            <h1>\(Self.escaped(report.title))</h1>

            """
        for section in report.sections {
            html += "<h2>\(Self.escaped(section.heading))</h2>\n"
            for block in section.blocks { html += Self.block(block) }
        }
        text = html + "</body>\n</html>\n"
    }

    private static func block(_ block: Report.Block) -> String {
        switch block {
        case .paragraph(let text): return "<p>\(escaped(text))</p>\n"
        case .table(let head, let rows):
            var html = "<table>\n<tr>" + head.map { "<th>\(escaped($0))</th>" }.joined() + "</tr>\n"
            for row in rows {
                html += "<tr>" + row.map(cell).joined() + "</tr>\n"
            }
            return html + "</table>\n"
        }
    }

    /// Coloured by who vouches: the class is one of our words, whatever the text is.
    private static func cell(_ text: String) -> String {
        let isTrust = Report.words.contains { $0[0] == text }
        return isTrust ? "<td class=\"\(text)\">\(text)</td>" : "<td>\(escaped(text))</td>"
    }

    static func escaped(_ text: String) -> String {
        var html = ""
        for scalar in Visible.text(text).unicodeScalars {
            switch scalar {
            case "&": html += "&amp;"
            case "<": html += "&lt;"
            case ">": html += "&gt;"
            case "\"": html += "&quot;"
            case "'": html += "&#39;"
            case "\n": html += "<br>"
            default: html.unicodeScalars.append(scalar)
            }
        }
        return html
    }
}
