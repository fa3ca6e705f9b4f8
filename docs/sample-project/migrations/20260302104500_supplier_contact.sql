ALTER TABLE suppliers ADD COLUMN contact text;
