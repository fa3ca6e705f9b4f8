-- Fails: the import above brought duplicates.
CREATE UNIQUE INDEX customers_email_key ON customers (email);
