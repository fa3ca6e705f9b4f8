UPDATE orders SET customer_id = keep.id
FROM customers dup
JOIN customers keep ON keep.email = dup.email AND keep.id < dup.id
WHERE orders.customer_id = dup.id;

DELETE FROM customers dup USING customers keep
WHERE keep.email = dup.email AND keep.id < dup.id;
