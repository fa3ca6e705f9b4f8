DELETE FROM reviews newer USING reviews older
WHERE newer.book_id = older.book_id AND newer.customer_id = older.customer_id AND newer.id > older.id;

ALTER TABLE reviews ADD CONSTRAINT reviews_once UNIQUE (book_id, customer_id);
