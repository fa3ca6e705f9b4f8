-- Fails: people reviewed the same book twice.
INSERT INTO reviews (book_id, customer_id, stars) SELECT book_id, customer_id, 5 FROM reviews ORDER BY id LIMIT 3;

ALTER TABLE reviews ADD CONSTRAINT reviews_once UNIQUE (book_id, customer_id);
