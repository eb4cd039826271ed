-- The database of layout 1, statement by statement, as its version made it.
CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
INSERT INTO grdb_migrations VALUES ('1: jobs, what they are made of, what they made');

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
