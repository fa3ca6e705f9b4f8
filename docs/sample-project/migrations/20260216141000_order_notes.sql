ALTER TABLE orders ADD COLUMN note text;

ALTER TABLE orders ADD COLUMN gift boolean NOT NULL DEFAULT false;
