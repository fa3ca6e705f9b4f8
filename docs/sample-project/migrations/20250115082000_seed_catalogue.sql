INSERT INTO authors (name)
SELECT 'Author ' || n FROM generate_series(1, 500) AS n;

INSERT INTO books (isbn, title, price_cents, published_on)
SELECT lpad(n::text, 13, '0'), 'Book ' || n, 500 + (n * 37) % 4500, date '1990-01-01' + (n % 12000)
FROM generate_series(1, 5000) AS n;

INSERT INTO book_authors (book_id, author_id)
SELECT n, 1 + n % 500 FROM generate_series(1, 5000) AS n;
