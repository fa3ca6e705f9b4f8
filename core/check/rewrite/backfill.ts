/**
 * Changes many rows in batches, each in a transaction of its own, so that no row stays locked for long and vacuum keeps
 * up. Walks the table by its pages: linear, and it needs no key (TID range scans, PostgreSQL 14).
 */
import { literal } from './sql.ts';

/** Pages of 8 KiB a batch: some ten thousand rows of usual width. */
const PAGES = 1_000;
/** Rows a batch where pages cannot be walked. */
const ROWS = 5_000;

/**
 * A DO block that commits after each batch; it must run outside of a transaction.
 * @param change UPDATE or DELETE without its WHERE, for example `UPDATE t SET a = 1`
 * @param condition of the rows still to do; absent: all rows
 */
export function batched(
  table: string,
  change: string,
  condition: string | undefined,
  { serverVersion, partitioned = false }: { serverVersion: number; partitioned?: boolean },
): string {
  return serverVersion >= 14 || condition === undefined
    ? byPages(table, change, condition, partitioned)
    : byRows(table, change, condition);
}

function byPages(table: string, change: string, condition: string | undefined, partitioned: boolean): string {
  const size = partitioned
    ? `(SELECT max(pg_relation_size(relid)) FROM pg_partition_tree(${literal(table)}))`
    : `pg_relation_size(${literal(table)})`;
  const rest = condition === undefined ? '' : `(${condition}) AND `;
  return `DO $$
DECLARE
  page bigint := 0;
  pages bigint := ${size} / current_setting('block_size')::bigint + 1;
BEGIN
  WHILE page < pages LOOP
    ${change} WHERE ${rest}ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + ${PAGES})::tid;
    COMMIT;
    page := page + ${PAGES};
  END LOOP;
END $$`;
}

function byRows(table: string, change: string, condition: string): string {
  return `DO $$
DECLARE
  changed bigint;
BEGIN
  LOOP
    ${change} WHERE ctid = ANY (ARRAY(SELECT ctid FROM ${table} WHERE ${condition} LIMIT ${ROWS}));
    GET DIAGNOSTICS changed = ROW_COUNT;
    EXIT WHEN changed = 0;
    COMMIT;
  END LOOP;
END $$`;
}
