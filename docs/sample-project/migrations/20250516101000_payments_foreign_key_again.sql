DELETE FROM payments WHERE NOT EXISTS (SELECT 1 FROM orders WHERE orders.id = payments.order_id);

ALTER TABLE payments ADD CONSTRAINT payments_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders (id) NOT VALID;

ALTER TABLE payments VALIDATE CONSTRAINT payments_order_id_fkey;
