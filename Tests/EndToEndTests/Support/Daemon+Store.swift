import Testing

extension Daemon {
    /// Does statements of SQL in the job store, behind the back of a daemon that runs or does not.
    ///
    /// - Returns: the rows of the last one, each as its columns with `|` between them; null is empty.
    nonisolated func query(_ statements: String) async throws -> [String] {
        let run = try await Command.run("python3", ["-c", Self.query, "\(state)/jobs.sqlite", statements])
        try #require(run.status == 0, "\(run)")
        return run.text.split(separator: "\n").map(String.init)
    }

    private static let query = """
        import sqlite3, sys
        store = sqlite3.connect(sys.argv[1], timeout=10)
        for statement in sys.argv[2].split(";"):
            rows = store.execute(statement).fetchall()
        store.commit()
        for row in rows:
            print("|".join("" if value is None else str(value) for value in row))
        """
}
