extension JobFacts {
    /// A search of the root file system's inventory for known vulnerabilities.
    package struct Scan: Sendable, Equatable {
        /// One advisory about one package.
        package struct Finding: Sendable, Equatable {
            package var id: String
            package var aliases: [String]
            package var summary: String?
            /// Package URL as the inventory has it.
            package var package: String
            /// The version that mends it, where there is one.
            package var fixed: String?
            package var published: String?
            /// What somebody who looked at it found (VEX); nil when nobody did.
            package var analysis: Analysis?

            package init(
                id: String, aliases: [String], summary: String?, package: String, fixed: String?, published: String?,
                analysis: Analysis?
            ) {
                self.id = id
                self.aliases = aliases
                self.summary = summary
                self.package = package
                self.fixed = fixed
                self.published = published
                self.analysis = analysis
            }
        }

        /// In CycloneDX's words.
        package struct Analysis: Sendable, Equatable {
            package var state: String
            package var justification: String?
            package var detail: String?

            package init(state: String, justification: String?, detail: String?) {
                self.state = state
                self.justification = justification
                self.detail = detail
            }
        }

        /// When it was made.
        package var time: String
        /// Of the advisories that were searched: how many, the newest change among them, and a digest over all.
        package var advisories: Int
        package var newest: String?
        package var database: String
        /// Packages that no advisory source covered or whose versions could not be compared.
        package var unscanned: Int
        /// Packages for which a signed distribution index has a newer version; nil when none was looked at.
        package var outdated: [String]?
        package var findings: [Finding]

        package init(
            time: String, advisories: Int, newest: String?, database: String, unscanned: Int, outdated: [String]?,
            findings: [Finding]
        ) {
            self.time = time
            self.advisories = advisories
            self.newest = newest
            self.database = database
            self.unscanned = unscanned
            self.outdated = outdated
            self.findings = findings
        }
    }
}
