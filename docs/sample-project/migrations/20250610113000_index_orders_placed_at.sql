-- Fails: the runner wraps each file in a transaction, and CONCURRENTLY does not run in one.
CREATE INDEX CONCURRENTLY orders_placed_at_idx ON orders (placed_at);
