UPDATE orders SET total_cents = sums.total
FROM (SELECT order_id, sum(quantity * price_cents) AS total FROM order_items GROUP BY order_id) AS sums
WHERE sums.order_id = orders.id;
