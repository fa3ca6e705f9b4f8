/**
 * How fast a PostgreSQL does the work that grows with a table. Measured by `npm run measure:work` on PostgreSQL 18 with
 * its default settings, a table of a million rows of 110 bytes that fits into memory, median of five runs, two busy
 * virtual cores. Hardware differs: estimates spread by {@link SPREAD} on either side.
 */
export const MEASURED = {
  /** Bytes of the table a second: a CHECK, a NOT NULL, the bounds of a partition. */
  scanBytes: 830_000_000,
  /** Rows a second: a foreign key looked up. */
  lookupRows: 1_000_000,
  /** Rows a second: a btree index on one text column of 32 characters. */
  indexRows: 290_000,
  /** Bytes of the table a second, without its indexes. */
  rewriteBytes: 45_000_000,
  /** Rows a second: an UPDATE of one column that no index covers. */
  updateRows: 270_000,
} as const;

/** A tenth of all machines is faster, and a tenth slower, by about this factor. */
export const SPREAD = 4;
