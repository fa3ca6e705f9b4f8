INSERT INTO reviews (book_id, customer_id, stars, body)
SELECT 1 + n % 5000, c.id, n % 6, 'Review ' || n
FROM generate_series(1, 30000) AS n
JOIN customers c ON c.id = 1 + n % 20000;
