-- Fails: a typing mistake in the table’s name.
ALTER TABLE supliers ADD COLUMN contact text;
