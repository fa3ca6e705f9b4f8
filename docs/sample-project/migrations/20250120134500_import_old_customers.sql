-- From the old shop. Some people had two accounts with the same address, in different case.
INSERT INTO customers (email, full_name, created_at)
SELECT
  CASE WHEN n % 400 = 0 THEN 'reader' || (n - 1) || '@example.com' ELSE 'reader' || n || '@example.com' END,
  'Reader ' || n,
  timestamptz '2019-01-01' + n * interval '1 hour'
FROM generate_series(1, 20000) AS n;
