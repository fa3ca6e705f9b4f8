CREATE TABLE subscriptions (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  customer_id bigint NOT NULL REFERENCES customers (id),
  plan text NOT NULL,
  started_on date NOT NULL DEFAULT current_date,
  ended_on date
);

CREATE INDEX subscriptions_customer_id_idx ON subscriptions (customer_id);
