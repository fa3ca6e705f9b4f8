-- Fails: nobody from the old shop has a phone number here.
ALTER TABLE customers ALTER COLUMN phone SET NOT NULL;
