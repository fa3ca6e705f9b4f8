-- Fails: the column was renamed six days before.
CREATE INDEX customers_full_name_idx ON customers (lower(full_name));
