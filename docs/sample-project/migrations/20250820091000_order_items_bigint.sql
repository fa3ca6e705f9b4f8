ALTER TABLE order_items ALTER COLUMN price_cents TYPE bigint;
