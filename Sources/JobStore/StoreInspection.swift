internal import GRDB

/// What a job store's file says about itself, read without changing it.
package struct StoreInspection: Sendable, Equatable {
    /// Changes of the tables that the file has been through, and those that this version knows of.
    package let version: Int
    package let known: Int
    /// A newer version has written it; this one must not.
    package let isNewer: Bool

    /// Looks into the file, which a supervisor may have open.
    package init(path: String) throws(StoreError) {
        do {
            var configuration = Configuration()
            configuration.readonly = true
            configuration.busyMode = .timeout(5)
            let found = try DatabaseQueue(path: path, configuration: configuration).read { database in
                // Not there before the first start has come to its end.
                let applied =
                    try database.tableExists("grdb_migrations") ? Schema.migrator.appliedIdentifiers(database) : []
                return (applied.count, try Schema.migrator.hasBeenSuperseded(database))
            }
            version = found.0
            isNewer = found.1
            known = Schema.migrator.migrations.count
        } catch {
            throw .database(stage: "inspect job store", detail: (error as? DatabaseError)?.message ?? "\(error)")
        }
    }
}

extension Schema {
    /// An older program would write rows that a newer one's tables do not expect.
    static func refuseNewer(_ database: Database) throws {
        guard try !migrator.hasBeenSuperseded(database) else {
            throw StoreError.newer("jobs.sqlite")
        }
    }
}
