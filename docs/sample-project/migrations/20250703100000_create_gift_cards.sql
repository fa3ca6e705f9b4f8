CREATE TABLE gift_cards (
  code text PRIMARY KEY,
  balance_cents integer NOT NULL CHECK (balance_cents >= 0),
  bought_by bigint REFERENCES customers (id),
  created_at timestamptz NOT NULL DEFAULT now()
);
