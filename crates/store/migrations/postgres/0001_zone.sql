-- Instants are milliseconds since 1970-01-01 UTC; days are ISO dates as text; "C" orders ids by their bytes, as SQLite does.

-- One row: the zone's revision. Its lock is the one door for writers.
CREATE TABLE zone (
    one BIGINT PRIMARY KEY CHECK (one = 1),
    revision BIGINT NOT NULL
);
INSERT INTO zone VALUES (1, 0);

CREATE TABLE counters (
    prefix TEXT PRIMARY KEY,
    last BIGINT NOT NULL
);

-- The zone's data: one row an object, its body the JSON object of a scenario document. span is at least the number of
-- months from the month of the first day to that of the last, in three sizes.
CREATE TABLE records (
    kind TEXT NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    state TEXT NOT NULL,
    firm TEXT COLLATE "C",
    skill TEXT COLLATE "C",
    first_day TEXT COLLATE "C",
    last_day TEXT COLLATE "C",
    span BIGINT,
    body TEXT NOT NULL,
    created BIGINT NOT NULL,
    changed BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    PRIMARY KEY (kind, id)
);
CREATE INDEX records_firm ON records (kind, firm, id);
CREATE INDEX records_skill ON records (kind, skill, id, state, first_day, last_day);
CREATE INDEX records_state ON records (kind, state, id);
CREATE INDEX records_days ON records (kind, span, last_day, id, first_day, state) WHERE span IS NOT NULL;

CREATE TABLE imports (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    actor TEXT NOT NULL,
    instant BIGINT NOT NULL,
    undone BIGINT
);

-- Who did what. A row with a version is a change of a record and holds what the record then was (no body: deleted).
CREATE TABLE audit (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    revision BIGINT NOT NULL,
    instant BIGINT NOT NULL,
    actor TEXT COLLATE "C" NOT NULL,
    action TEXT NOT NULL,
    kind TEXT NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    version BIGINT,
    state TEXT,
    firm TEXT COLLATE "C",
    body TEXT,
    reason TEXT,
    import_id BIGINT REFERENCES imports (id)
);
CREATE INDEX audit_object ON audit (kind, id, version);
CREATE INDEX audit_firm ON audit (firm, seq);
CREATE INDEX audit_actor ON audit (actor, seq);
CREATE INDEX audit_import ON audit (import_id) WHERE import_id IS NOT NULL;

-- Scenario documents by the SHA-256 of their bytes.
CREATE TABLE inputs (
    hash TEXT COLLATE "C" PRIMARY KEY,
    body TEXT NOT NULL,
    created BIGINT NOT NULL
);

CREATE TABLE plans (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id TEXT COLLATE "C" NOT NULL UNIQUE,
    version BIGINT NOT NULL,
    created BIGINT NOT NULL,
    actor TEXT NOT NULL,
    input_hash TEXT COLLATE "C" NOT NULL REFERENCES inputs (hash),
    revision BIGINT,
    method TEXT NOT NULL,
    settings TEXT NOT NULL,
    engine TEXT NOT NULL,
    summary TEXT NOT NULL,
    body TEXT NOT NULL,
    published BIGINT
);
CREATE INDEX plans_published ON plans (published) WHERE published IS NOT NULL;

CREATE TABLE users (
    id TEXT COLLATE "C" PRIMARY KEY,
    version BIGINT NOT NULL,
    login TEXT COLLATE "C" NOT NULL UNIQUE,
    name TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    role TEXT NOT NULL,
    firms TEXT NOT NULL,
    officer TEXT,
    created BIGINT NOT NULL,
    disabled BIGINT
);

CREATE TABLE sessions (
    hash TEXT COLLATE "C" PRIMARY KEY,
    user_id TEXT COLLATE "C" NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created BIGINT NOT NULL,
    seen BIGINT NOT NULL,
    idle_until BIGINT NOT NULL,
    expires BIGINT NOT NULL
);
CREATE INDEX sessions_user ON sessions (user_id);

CREATE TABLE api_keys (
    id TEXT COLLATE "C" PRIMARY KEY,
    hash TEXT COLLATE "C" NOT NULL UNIQUE,
    old_hash TEXT COLLATE "C" UNIQUE,
    old_until BIGINT,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    firms TEXT NOT NULL,
    officer TEXT,
    user_id TEXT COLLATE "C" REFERENCES users (id) ON DELETE CASCADE,
    created BIGINT NOT NULL,
    expires BIGINT,
    revoked BIGINT
);
CREATE INDEX api_keys_user ON api_keys (user_id);

CREATE TABLE invitations (
    hash TEXT COLLATE "C" PRIMARY KEY,
    id TEXT COLLATE "C" NOT NULL UNIQUE,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    firms TEXT NOT NULL,
    officer TEXT,
    created BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    used BIGINT
);

-- status is NULL while the first request is still in flight.
CREATE TABLE idempotency (
    actor TEXT COLLATE "C" NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    body_hash TEXT NOT NULL,
    created BIGINT NOT NULL,
    status BIGINT,
    headers TEXT,
    body TEXT,
    PRIMARY KEY (actor, key)
);
CREATE INDEX idempotency_created ON idempotency (created);
