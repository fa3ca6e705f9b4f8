INSERT INTO orders (customer_id, status, placed_at)
SELECT 1 + n % 20000, 'shipped', timestamptz '2020-01-01' + n * interval '20 minutes'
FROM generate_series(1, 60000) AS n;

INSERT INTO order_items (order_id, book_id, quantity, price_cents)
SELECT n, 1 + n % 5000, 1 + n % 3, 999 FROM generate_series(1, 60000) AS n;
