ALTER TABLE sessions ENABLE ROW LEVEL SECURITY;

CREATE POLICY sessions_own ON sessions USING (customer_id = current_setting('app.customer_id')::bigint);
