ALTER TABLE books ADD COLUMN language char(2) NOT NULL DEFAULT 'en';
