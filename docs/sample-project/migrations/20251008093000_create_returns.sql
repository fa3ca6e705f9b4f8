CREATE TABLE returns (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  order_id bigint NOT NULL REFERENCES orders (id),
  reason text NOT NULL,
  requested_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX returns_order_id_idx ON returns (order_id);
