CREATE TABLE addresses (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  customer_id bigint NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
  street text NOT NULL,
  city text NOT NULL,
  postcode text NOT NULL,
  country char(2) NOT NULL DEFAULT 'NL'
);

CREATE INDEX addresses_customer_id_idx ON addresses (customer_id);
