/** Indexes that are built, dropped or rebuilt while others wait. */

import { ident, madeName, sqlOf, tableSql } from '../rewrite/sql.ts';
import type { Step } from '../rewrite/steps.ts';
import type { Rule, RuleContext } from '../rule.ts';
import { as, nameOf, strings } from '../tree.ts';
import { LINKS } from './links.ts';

export const indexNotConcurrent: Rule = {
  id: 'index-not-concurrent',
  severity: 'warning',
  bySize: true,
  title: 'Index built while writes wait',
  why: 'CREATE INDEX holds a SHARE lock on its table until the index is built: every INSERT, UPDATE and DELETE waits, for minutes on a large table.',
  whatToDo:
    'Build it with CONCURRENTLY, in a migration of its own that runs outside of a transaction. On a partitioned table, build one index for each partition that way and attach them.',
  links: [LINKS.createIndex, LINKS.locks],
  examples: [
    {
      setup: 'CREATE TABLE users (id bigint PRIMARY KEY, email text);',
      bad: 'CREATE INDEX users_email ON users (email);',
      good: ['CREATE INDEX CONCURRENTLY users_email ON users (email);'],
      fix: '-- Outside of a transaction.\nCREATE INDEX CONCURRENTLY users_email ON users (email);',
    },
    {
      setup:
        "CREATE TABLE events (id bigint, at date) PARTITION BY RANGE (at);\nCREATE TABLE events_2026 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');",
      bad: 'CREATE INDEX events_at ON events (at);',
      good: [
        'CREATE INDEX events_at ON ONLY events (at);',
        'CREATE INDEX CONCURRENTLY events_2026_at ON events_2026 (at);',
        'ALTER INDEX events_at ATTACH PARTITION events_2026_at;',
      ],
    },
    {
      bad: 'CREATE UNIQUE INDEX users_email ON users (email);',
      good: ['CREATE TABLE users (email text);\nCREATE UNIQUE INDEX users_email ON users (email);'],
    },
  ],
  check(context) {
    const index = as(context.tree, 'IndexStmt');
    if (!index?.relation || index.concurrent) return [];
    const relation = nameOf(index.relation, context.catalogue);
    if (!context.tables.inUse(relation)) return [];
    const known = context.catalogue.relation(relation);
    const partitioned = known?.kind === 'partitioned_table';
    if (partitioned && (!index.relation.inh || known.children.length === 0)) return [];
    const message = `Building an index on ${relation} keeps writes to it waiting until it is done.`;
    const steps = partitioned ? partitionSteps(context, known.children) : concurrentStep(context);
    return [{ message, relation, mark: index.idxname ?? 'index', rewrite: { steps } }];
  },
};

function concurrentStep({ tree }: RuleContext): Step[] {
  const index = as(tree, 'IndexStmt');
  return index ? [{ outside: true, sql: [sqlOf({ IndexStmt: { ...index, concurrent: true } })] }] : [];
}

/** CONCURRENTLY does not work on a partitioned table: its partitions get the index one by one. */
function partitionSteps({ tree }: RuleContext, partitions: readonly string[]): Step[] {
  const index = as(tree, 'IndexStmt');
  if (!index?.relation) return [];
  const name = index.idxname ?? madeName(index.relation.relname ?? 'table', 'idx');
  const schema = index.relation.schemaname;
  const table = tableSql(index.relation);
  const parent = sqlOf({ IndexStmt: { ...index, idxname: name } }).replace(
    ` ON ${table} `,
    () => ` ON ONLY ${table} `,
  );
  const parts = partitions.map((partition) => {
    const [partSchema = 'public', relname = ''] = partition.split('.');
    return { partSchema, relname, idxname: madeName(relname, name) };
  });
  return [
    { sql: [parent], note: 'The parent only, without any partition' },
    ...parts.map(({ partSchema, relname, idxname }): Step => {
      const range = { ...index.relation, schemaname: partSchema, relname, inh: true };
      return {
        outside: true,
        sql: [sqlOf({ IndexStmt: { ...index, idxname, relation: range, concurrent: true } })],
      };
    }),
    {
      sql: parts.map(
        ({ partSchema, idxname }) =>
          `ALTER INDEX ${tableSql({ ...(schema ? { schemaname: schema } : {}), relname: name })} ATTACH PARTITION ${ident(partSchema)}.${ident(idxname)}`,
      ),
    },
  ];
}

export const dropIndexNotConcurrent: Rule = {
  id: 'drop-index-not-concurrent',
  severity: 'info',
  bySize: true,
  title: 'Index dropped under an exclusive lock on its table',
  why: 'DROP INDEX takes ACCESS EXCLUSIVE on the table: it waits for every running query, and every new query waits behind it.',
  whatToDo: 'Drop it with CONCURRENTLY, outside of a transaction.',
  links: [LINKS.dropIndex, LINKS.locks],
  examples: [
    {
      setup:
        'CREATE TABLE users (id bigint PRIMARY KEY, email text);\nCREATE INDEX users_email ON users (email);',
      bad: 'DROP INDEX IF EXISTS users_email;',
      good: ['DROP INDEX CONCURRENTLY IF EXISTS users_email;'],
      fix: '-- Outside of a transaction.\nDROP INDEX CONCURRENTLY IF EXISTS users_email;',
    },
  ],
  check({ tree, catalogue, tables }) {
    const drop = as(tree, 'DropStmt');
    if (drop?.removeType !== 'OBJECT_INDEX' || drop.concurrent || drop.behavior === 'DROP_CASCADE') return [];
    const found = (drop.objects ?? []).flatMap((object) => {
      const names = strings(as(object, 'List')?.items);
      const owner = ownerOfIndex(names.at(-1) ?? '', catalogue);
      return owner === undefined ? [] : [{ object, owner, name: names.at(-1) ?? '' }];
    });
    const [first] = found.filter(({ owner }) => tables.inUse(owner));
    if (!first || catalogue.relation(first.owner)?.kind === 'partitioned_table') return [];
    const sql = (drop.objects ?? []).map((object) =>
      sqlOf({ DropStmt: { ...drop, objects: [object], concurrent: true } }),
    );
    return [
      {
        message: `Dropping an index of ${first.owner} takes an ACCESS EXCLUSIVE lock on the table.`,
        relation: first.owner,
        mark: first.name,
        rewrite: { steps: [{ outside: true, sql }] },
      },
    ];
  },
};

function ownerOfIndex(name: string, catalogue: RuleContext['catalogue']): string | undefined {
  for (const relation of catalogue.relations()) if (relation.indexes.has(name)) return relation.name;
  return undefined;
}

export const reindexNotConcurrent: Rule = {
  id: 'reindex-not-concurrent',
  severity: 'warning',
  bySize: true,
  title: 'Index rebuilt while writes wait',
  why: 'REINDEX keeps writes to the table waiting until the index is rebuilt, and reads that would use the index.',
  whatToDo: 'Use REINDEX … CONCURRENTLY (PostgreSQL 12 and newer), outside of a transaction.',
  links: [LINKS.reindex],
  examples: [
    {
      setup: 'CREATE TABLE users (id bigint PRIMARY KEY, email text);',
      bad: 'REINDEX TABLE users;',
      good: ['REINDEX TABLE CONCURRENTLY users;'],
      fix: '-- Outside of a transaction.\nREINDEX TABLE CONCURRENTLY users;',
    },
  ],
  check({ tree, catalogue, tables, serverVersion }) {
    const reindex = as(tree, 'ReindexStmt');
    if (!reindex?.relation || serverVersion < 12) return [];
    const options = (reindex.params ?? []).flatMap((param) => as(param, 'DefElem')?.defname ?? []);
    if (options.includes('concurrently')) return [];
    const byTable = reindex.kind === 'REINDEX_OBJECT_TABLE';
    const relation = byTable
      ? nameOf(reindex.relation, catalogue)
      : ownerOfIndex(reindex.relation.relname ?? '', catalogue);
    if (relation === undefined || !tables.inUse(relation)) return [];
    const word = byTable ? 'TABLE' : 'INDEX';
    return [
      {
        message: `Rebuilding indexes of ${relation} keeps writes to it waiting until they are done.`,
        relation,
        mark: 'reindex',
        rewrite: {
          steps: [{ outside: true, sql: [`REINDEX ${word} CONCURRENTLY ${tableSql(reindex.relation)}`] }],
        },
      },
    ];
  },
};

export const refreshNotConcurrent: Rule = {
  id: 'refresh-not-concurrent',
  severity: 'warning',
  bySize: true,
  title: 'Materialised view refreshed while reads wait',
  why: 'REFRESH MATERIALIZED VIEW holds ACCESS EXCLUSIVE on the view while its query runs: nobody can read it.',
  whatToDo: 'Use CONCURRENTLY; it needs a unique index over whole columns of the view.',
  links: [LINKS.refresh],
  examples: [
    {
      setup:
        'CREATE TABLE orders (id bigint PRIMARY KEY);\nCREATE MATERIALIZED VIEW totals AS SELECT id FROM orders;\nCREATE UNIQUE INDEX totals_id ON totals (id);',
      bad: 'REFRESH MATERIALIZED VIEW totals;',
      good: ['REFRESH MATERIALIZED VIEW CONCURRENTLY totals;'],
      fix: 'REFRESH MATERIALIZED VIEW CONCURRENTLY totals;',
    },
  ],
  check({ tree, catalogue, tables }) {
    const refresh = as(tree, 'RefreshMatViewStmt');
    if (!refresh?.relation || refresh.concurrent || refresh.skipData) return [];
    const relation = nameOf(refresh.relation, catalogue);
    if (!tables.inUse(relation)) return [];
    const indexes = [...(catalogue.relation(relation)?.indexes.values() ?? [])];
    const possible = indexes.some(({ unique, partial }) => unique && !partial);
    const sql = [`REFRESH MATERIALIZED VIEW CONCURRENTLY ${tableSql(refresh.relation)}`];
    return [
      {
        message: `Refreshing ${relation} keeps its readers waiting until its query is done.`,
        relation,
        mark: refresh.relation.relname ?? 'refresh',
        ...(possible ? { rewrite: { steps: [{ sql }] } } : {}),
      },
    ];
  },
};
