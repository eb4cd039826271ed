internal import JSON
internal import Jobs

/// What is wrong with a form as a whole, in words.
extension MultipartParser {
    func fault(_ fault: BoundaryLine.Fault) -> MultipartError {
        switch fault {
        case .padding:
            tooLarge(
                "body", "has more than \(limits.paddingBytes) blanks behind a boundary", UInt64(limits.paddingBytes),
                "end the line behind the boundary")
        case .lineFeed: malformed("has a boundary line that ends in LF alone", "end each line with CR LF")
        case .text:
            malformed(
                "has a line that begins with the boundary and goes on",
                "use a boundary that no line of the files begins with")
        }
    }

    func malformed(_ reason: String, _ remedy: String) -> MultipartError {
        .malformed(Violation("body", reason, remedy: remedy))
    }

    func tooLarge(_ field: String, _ reason: String, _ limit: UInt64, _ remedy: String) -> MultipartError {
        .tooLarge(Violation(field, reason, limit: .integer(Int64(clamping: limit)), remedy: remedy))
    }
}
