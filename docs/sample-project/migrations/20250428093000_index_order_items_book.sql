CREATE INDEX order_items_book_id_idx ON order_items (book_id);
