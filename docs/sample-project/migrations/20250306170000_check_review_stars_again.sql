UPDATE reviews SET stars = 1 WHERE stars = 0;

ALTER TABLE reviews ADD CONSTRAINT reviews_stars_check CHECK (stars BETWEEN 1 AND 5) NOT VALID;

ALTER TABLE reviews VALIDATE CONSTRAINT reviews_stars_check;
