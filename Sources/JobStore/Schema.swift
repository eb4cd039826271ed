internal import GRDB

/// The tables, as a list of changes that a database of any age is taken through.
enum Schema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1: jobs, what they are made of, what they made") { database in
            try database.execute(sql: jobs)
        }
        migrator.registerMigration("tokens") { database in try database.execute(sql: tokens) }
        return migrator
    }

    /// STRICT: a column holds what it says. Times are milliseconds of UTC, digests 32 bytes, documents JSON text.
    private static let jobs = """
        CREATE TABLE jobs (
            id         TEXT    NOT NULL PRIMARY KEY,
            owner      TEXT    NOT NULL,
            state      TEXT    NOT NULL,
            rootfs     TEXT    NOT NULL,
            policy     TEXT    NOT NULL,
            attempt    INTEGER NOT NULL CHECK (attempt >= 1),
            parameters TEXT    NOT NULL,
            metadata   TEXT    NOT NULL,
            problem    TEXT
        ) STRICT;
        CREATE INDEX jobs_by_owner ON jobs (owner, id);
        CREATE INDEX jobs_by_state ON jobs (state, id);

        CREATE TABLE times (
            job   TEXT    NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
            state TEXT    NOT NULL,
            at    INTEGER NOT NULL,
            PRIMARY KEY (job, state)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE inputs (
            job       TEXT    NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
            role      TEXT    NOT NULL,
            file_name TEXT    NOT NULL,
            digest    BLOB    NOT NULL CHECK (length(digest) = 32),
            size      INTEGER NOT NULL CHECK (size >= 0),
            PRIMARY KEY (job, role)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE artifacts (
            job    TEXT    NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
            name   TEXT    NOT NULL,
            role   TEXT    NOT NULL,
            digest BLOB    NOT NULL CHECK (length(digest) = 32),
            size   INTEGER NOT NULL CHECK (size >= 0),
            PRIMARY KEY (job, name)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE events (
            job      TEXT    NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
            sequence INTEGER NOT NULL CHECK (sequence >= 1),
            at       INTEGER NOT NULL,
            kind     TEXT    NOT NULL,
            payload  TEXT    NOT NULL,
            PRIMARY KEY (job, sequence)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE idempotency_keys (
            owner   TEXT NOT NULL,
            key     TEXT NOT NULL,
            request BLOB NOT NULL CHECK (length(request) = 32),
            job     TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
            PRIMARY KEY (owner, key)
        ) STRICT, WITHOUT ROWID;
        """

    /// What its holder sends is nowhere: `digest` is its SHA-256.
    private static let tokens = """
        CREATE TABLE tokens (
            id        TEXT    NOT NULL PRIMARY KEY,
            digest    BLOB    NOT NULL UNIQUE CHECK (length(digest) = 32),
            owner     TEXT    NOT NULL,
            role      TEXT    NOT NULL,
            made_by   TEXT    NOT NULL,
            created   INTEGER NOT NULL,
            expires   INTEGER,
            last_used INTEGER,
            revoked   INTEGER
        ) STRICT;
        """
}
