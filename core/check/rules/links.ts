/** Pages of PostgreSQL's own documentation that more than one rule points at. */
const MANUAL = 'https://www.postgresql.org/docs/current';

export const LINKS = {
  alterTable: `${MANUAL}/sql-altertable.html`,
  createIndex: `${MANUAL}/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY`,
  dropIndex: `${MANUAL}/sql-dropindex.html`,
  reindex: `${MANUAL}/sql-reindex.html`,
  locks: `${MANUAL}/explicit-locking.html#LOCKING-TABLES`,
  refresh: `${MANUAL}/sql-refreshmaterializedview.html`,
  partitions: `${MANUAL}/ddl-partitioning.html#DDL-PARTITIONING-DECLARATIVE-MAINTENANCE`,
  alterType: `${MANUAL}/sql-altertype.html`,
  alterDomain: `${MANUAL}/sql-alterdomain.html`,
  truncate: `${MANUAL}/sql-truncate.html`,
  lockTimeout: `${MANUAL}/runtime-config-client.html#GUC-LOCK-TIMEOUT`,
  transactions: `${MANUAL}/tutorial-transactions.html`,
  cluster: `${MANUAL}/sql-cluster.html`,
  vacuum: `${MANUAL}/sql-vacuum.html`,
  types: `${MANUAL}/datatype.html`,
  dependencies: `${MANUAL}/ddl-depend.html`,
  do: `${MANUAL}/sql-do.html`,
} as const;
