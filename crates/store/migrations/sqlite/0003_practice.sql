-- Proposals and agreements. due: when the clock is to act on one, in milliseconds since 1970-01-01 UTC.
CREATE TABLE deals (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    id TEXT NOT NULL UNIQUE,
    version BIGINT NOT NULL,
    state TEXT NOT NULL,
    plan_id TEXT REFERENCES plans (id),
    surplus TEXT NOT NULL,
    shortage TEXT NOT NULL,
    lender TEXT NOT NULL,
    borrower TEXT NOT NULL,
    last_day TEXT NOT NULL,
    due BIGINT,
    body TEXT NOT NULL,
    created BIGINT NOT NULL,
    changed BIGINT NOT NULL,
    revision BIGINT NOT NULL
);
CREATE INDEX deals_state ON deals (kind, state, seq);
CREATE INDEX deals_lender ON deals (kind, lender, seq);
CREATE INDEX deals_borrower ON deals (kind, borrower, seq);
CREATE INDEX deals_surplus ON deals (kind, surplus, seq);
CREATE INDEX deals_shortage ON deals (kind, shortage, seq);
CREATE INDEX deals_plan ON deals (plan_id, seq);
CREATE INDEX deals_last_day ON deals (kind, last_day);
CREATE INDEX deals_due ON deals (due) WHERE due IS NOT NULL;

-- What happened to each: an event a version, from which its state can be made again.
CREATE TABLE deal_events (
    deal_id TEXT NOT NULL REFERENCES deals (id),
    version BIGINT NOT NULL,
    instant BIGINT NOT NULL,
    actor TEXT NOT NULL,
    event TEXT NOT NULL,
    state TEXT NOT NULL,
    data TEXT NOT NULL,
    PRIMARY KEY (deal_id, version)
);

-- Postings that the clock is to close.
CREATE INDEX records_open ON records (kind, last_day) WHERE state = 'open' AND last_day IS NOT NULL;
