-- The queue of runs. A run that is being worked on has a lease: a token that no other claim ever had. Its beat rises with
-- every sign of life.
CREATE TABLE runs (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    caller TEXT NOT NULL,
    state TEXT NOT NULL,
    input_hash TEXT NOT NULL REFERENCES inputs (hash),
    revision BIGINT,
    settings TEXT NOT NULL,
    created BIGINT NOT NULL,
    started BIGINT,
    ended BIGINT,
    attempt BIGINT NOT NULL,
    lease TEXT,
    beat BIGINT NOT NULL,
    cancel BIGINT,
    progress TEXT,
    events BIGINT NOT NULL,
    plan_id TEXT REFERENCES plans (id),
    story TEXT NOT NULL
);
CREATE INDEX runs_state ON runs (state, seq);
CREATE INDEX runs_caller ON runs (caller, state);
CREATE INDEX runs_input ON runs (input_hash);
CREATE INDEX plans_input ON plans (input_hash);

-- The best plan so far; apart, so that a sign of life does not write it anew.
CREATE TABLE run_plans (
    run_id TEXT PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
    body TEXT NOT NULL
);

CREATE TABLE run_events (
    run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    id BIGINT NOT NULL,
    instant BIGINT NOT NULL,
    event TEXT NOT NULL,
    data TEXT NOT NULL,
    PRIMARY KEY (run_id, id)
);
