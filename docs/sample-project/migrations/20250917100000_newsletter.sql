ALTER TABLE customers ADD COLUMN newsletter boolean NOT NULL DEFAULT false;

ALTER TABLE customers ADD COLUMN newsletter_since date;
