-- Fails: some references are no numbers.
ALTER TABLE payments ALTER COLUMN reference TYPE bigint USING reference::bigint;
