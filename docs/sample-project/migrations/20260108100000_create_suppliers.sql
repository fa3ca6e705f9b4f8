CREATE TABLE suppliers (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL,
  email text NOT NULL
);

ALTER TABLE stock_movements ADD COLUMN supplier_id bigint REFERENCES suppliers (id);
