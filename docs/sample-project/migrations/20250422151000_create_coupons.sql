CREATE TABLE coupons (
  code text PRIMARY KEY,
  percent smallint NOT NULL CHECK (percent BETWEEN 1 AND 100),
  valid_until date NOT NULL
);

ALTER TABLE orders ADD COLUMN coupon_code text REFERENCES coupons (code);
