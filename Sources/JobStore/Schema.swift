internal import GRDB

/// The tables, as a list of changes that a database of any age is taken through.
enum Schema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1: jobs, what they are made of, what they made") { database in
            try database.execute(sql: jobs)
        }
        migrator.registerMigration("tokens") { database in try database.execute(sql: tokens) }
        migrator.registerMigration("2: what jobs ask for, who needs a blob, how many there are") { database in
            try database.execute(sql: asks)
            try database.execute(sql: blobs)
            try database.execute(sql: tallies)
        }
        migrator.registerMigration("traceparent") { database in
            try database.execute(sql: "ALTER TABLE jobs ADD COLUMN traceparent TEXT")
        }
        migrator.registerMigration("what the audit log has not heard of yet") { database in
            try database.execute(sql: unlogged)
        }
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

    /// A job from before this change asked for nothing: one that is over says so, one that is not over gets the usual.
    private static let asks = """
        ALTER TABLE jobs ADD COLUMN priority INTEGER NOT NULL DEFAULT 5 CHECK (priority BETWEEN 0 AND 9);
        ALTER TABLE jobs ADD COLUMN max_attempts INTEGER NOT NULL DEFAULT 3 CHECK (max_attempts >= 1);
        ALTER TABLE jobs ADD COLUMN cpu_millicores INTEGER NOT NULL DEFAULT 0 CHECK (cpu_millicores >= 0);
        ALTER TABLE jobs ADD COLUMN memory_bytes INTEGER NOT NULL DEFAULT 0 CHECK (memory_bytes >= 0);
        ALTER TABLE jobs ADD COLUMN gpus INTEGER NOT NULL DEFAULT 0 CHECK (gpus >= 0);
        ALTER TABLE jobs ADD COLUMN cancel_asked INTEGER;
        ALTER TABLE jobs ADD COLUMN ended INTEGER;
        ALTER TABLE jobs ADD COLUMN inputs_deleted INTEGER;

        UPDATE jobs SET cpu_millicores = 1000, memory_bytes = 2147483648, gpus = (policy = 'gpu')
            WHERE state NOT IN ('completed', 'failed', 'cancelled');
        UPDATE jobs SET ended = (SELECT at FROM times WHERE job = jobs.id AND times.state = jobs.state)
            WHERE state IN ('completed', 'failed', 'cancelled');

        CREATE INDEX jobs_by_owner_and_state ON jobs (owner, state, id);
        CREATE INDEX jobs_with_old_inputs ON jobs (ended) WHERE inputs_deleted IS NULL AND ended IS NOT NULL;
        """

    /// A blob is needed while a row says so: an input of a job whose inputs were not given up, an artifact, or an output of a job
    /// that is being sealed and publishes it at its end.
    private static let blobs = """
        CREATE INDEX inputs_by_digest ON inputs (digest, job);
        CREATE INDEX artifacts_by_digest ON artifacts (digest);

        CREATE TABLE held_blobs (
            job    TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
            digest BLOB NOT NULL CHECK (length(digest) = 32),
            PRIMARY KEY (job, digest)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX held_blobs_by_digest ON held_blobs (digest);
        """

    /// Counted where a job changes its state: nobody has to count a few hundred thousand rows to know.
    private static let tallies = """
        CREATE TABLE tallies (
            state TEXT    NOT NULL PRIMARY KEY,
            jobs  INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        INSERT INTO tallies SELECT state, count(*) FROM jobs GROUP BY state;

        CREATE TRIGGER tally_new_job AFTER INSERT ON jobs BEGIN
            INSERT INTO tallies VALUES (new.state, 1) ON CONFLICT (state) DO UPDATE SET jobs = jobs + 1;
        END;
        CREATE TRIGGER tally_moved_job AFTER UPDATE OF state ON jobs WHEN old.state <> new.state BEGIN
            UPDATE tallies SET jobs = jobs - 1 WHERE state = old.state;
            INSERT INTO tallies VALUES (new.state, 1) ON CONFLICT (state) DO UPDATE SET jobs = jobs + 1;
        END;
        """

    /// A move is noted here in its own transaction, whoever makes it, and taken out when the audit log has it. Jobs from before are
    /// entered when they are not over yet.
    private static let unlogged = """
        CREATE TABLE unlogged (
            number   INTEGER PRIMARY KEY AUTOINCREMENT,
            job      TEXT    NOT NULL,
            sequence INTEGER NOT NULL
        ) STRICT;
        INSERT INTO unlogged (job, sequence) SELECT events.job, sequence FROM events JOIN jobs ON jobs.id = events.job
            WHERE kind = 'state' AND jobs.ended IS NULL ORDER BY at, events.job, sequence;

        CREATE TRIGGER unlogged_move AFTER INSERT ON events WHEN new.kind = 'state' BEGIN
            INSERT INTO unlogged (job, sequence) VALUES (new.job, new.sequence);
        END;

        CREATE TABLE log_marks (
            name  TEXT NOT NULL PRIMARY KEY,
            value TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        """
}
