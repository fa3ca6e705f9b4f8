-- Fails: the old shop allowed zero stars.
ALTER TABLE reviews ADD CONSTRAINT reviews_stars_check CHECK (stars BETWEEN 1 AND 5);
