CREATE TABLE stock_movements (
  book_id bigint NOT NULL REFERENCES books (id),
  change integer NOT NULL,
  reason text NOT NULL,
  moved_at timestamptz NOT NULL DEFAULT now()
);
