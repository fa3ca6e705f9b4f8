CREATE TABLE authors (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL
);

CREATE TABLE books (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  isbn text NOT NULL,
  title text NOT NULL,
  price_cents integer NOT NULL,
  published_on date
);

CREATE TABLE book_authors (
  book_id bigint NOT NULL REFERENCES books (id),
  author_id bigint NOT NULL REFERENCES authors (id),
  PRIMARY KEY (book_id, author_id)
);
