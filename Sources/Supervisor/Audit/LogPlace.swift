/// Where a state folder has its audit log.
package enum LogPlace {
    package static let folder = "audit"
    /// The newest checkpoint that was signed, beside the log.
    package static let head = "audit.head"
}
