UPDATE customers SET phone = '' WHERE phone IS NULL;

ALTER TABLE customers ALTER COLUMN phone SET DEFAULT '';

ALTER TABLE customers ALTER COLUMN phone SET NOT NULL;
