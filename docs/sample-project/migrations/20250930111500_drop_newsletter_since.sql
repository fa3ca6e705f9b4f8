ALTER TABLE customers DROP COLUMN newsletter_since;
