-- Fails in the shadow database: PostGIS is not part of it.
CREATE EXTENSION IF NOT EXISTS postgis;

CREATE TABLE shops (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL,
  place geometry(Point, 4326) NOT NULL
);
