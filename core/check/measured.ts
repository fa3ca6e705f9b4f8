/**
 * How fast a PostgreSQL does the work that grows with a table. Measured by `npm run measure:work` on PostgreSQL 18 with
 * its default settings, tables of a million rows of about 100 bytes, median of five runs; two virtual cores, local disk.
 * Hardware differs: estimates spread by {@link SPREAD} on either side.
 */
export const MEASURED = {
  /** Bytes of the table a second: a CHECK, a NOT NULL, the bounds of a partition. */
  scanBytes: 600_000_000,
  /** Rows a second: a foreign key looked up. */
  lookupRows: 2_500_000,
  /** Rows a second: a btree index on one column. */
  indexRows: 1_500_000,
  /** Bytes of the table a second, without its indexes. */
  rewriteBytes: 90_000_000,
  /** Rows a second: an UPDATE of one column that no index covers. */
  updateRows: 250_000,
} as const;

/** A tenth of all machines is faster, and a tenth slower, by about this factor. */
export const SPREAD = 4;
