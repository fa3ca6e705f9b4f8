ALTER TABLE customers ADD CONSTRAINT customers_tier_check CHECK (tier IN ('standard', 'silver', 'gold'));
