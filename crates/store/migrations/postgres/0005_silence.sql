-- Fifths of a lease that somebody has seen pass since the last sign of life.
ALTER TABLE runs ADD COLUMN silence BIGINT NOT NULL DEFAULT 0;
