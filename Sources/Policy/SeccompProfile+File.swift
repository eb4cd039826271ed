extension SeccompProfile {
    /// Reads a file that is a profile and nothing else, as container engines ship them.
    ///
    /// - Parameters:
    ///   - source: the file's bytes.
    ///   - platform: the machine that jobs will run on.
    /// - Throws: `PolicyError` with the field's path and the remedy.
    package init(parsing source: [UInt8], on platform: PlatformFacts = .native) throws(PolicyError) {
        try self.init(try PolicyFields(parsing: source), on: platform)
    }
}
