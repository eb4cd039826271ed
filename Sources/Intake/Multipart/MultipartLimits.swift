/// What a form may cost. The parser's memory is bounded by `headerBytes`, and by `parts` times `nameBytes`.
package struct MultipartLimits: Sendable, Equatable {
    package var parts = 128
    /// Of one part, with every line end.
    package var headerBytes = 8 << 10
    package var headerLines = 16
    package var nameBytes = 128
    /// A part without a file name is a text.
    package var textBytes: UInt64 = 64 << 10
    /// Everything from the first byte to the last: preamble, headers and boundaries too.
    package var totalBytes: UInt64 = 8 << 30
    /// What is thrown away: before the first boundary, behind the last one, and blanks behind each.
    package var preambleBytes = 1 << 10
    package var epilogueBytes = 1 << 10
    package var paddingBytes = 64

    package init() {}
}
