-- Whether what follows from a plan in force has been done: 1 = it has.
ALTER TABLE plans ADD COLUMN followed BIGINT NOT NULL DEFAULT 0;
