UPDATE payments SET reference = '0' WHERE reference = 'n/a';

ALTER TABLE payments ALTER COLUMN reference TYPE bigint USING reference::bigint;
