ALTER TABLE subscriptions ADD COLUMN price_cents integer NOT NULL DEFAULT 990;
