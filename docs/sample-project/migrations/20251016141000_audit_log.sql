CREATE TABLE audit_log (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  table_name text NOT NULL,
  row_id bigint NOT NULL,
  changed jsonb NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT now()
);

INSERT INTO audit_log (table_name, row_id, changed)
SELECT 'orders', id, jsonb_build_object('status', status, 'total', total_cents) FROM orders;
