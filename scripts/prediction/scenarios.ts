/**
 * Migrations that people write, for a table that is there with its rows. Where rows decide, `bad` and `good` turn the
 * same table into one on which the same text fails, or succeeds.
 */
import type { LiveColumn, LiveTable } from './live.ts';
import { literal, type Random } from './populate.ts';
import { pickOf, shareOf, shuffled } from './random.ts';

export interface Scenario {
  kind: string;
  /** The migration. */
  sql: string;
  /** Runs before, and is part of the data, not of the migration. */
  good: string[];
  bad?: string[];
  /** Takes a successful run back; empty where it may stay. */
  undo: string[];
}

export interface Ground {
  table: LiveTable;
  /** Every table with rows. */
  tables: readonly LiveTable[];
  random: Random;
  /** For names that are not taken. */
  n: number;
}

type Make = (ground: Ground) => Scenario | undefined;

const free = ({ columns }: LiveTable, wanted: (column: LiveColumn) => boolean) =>
  columns.filter((c) => !c.unique && !c.references && !c.generated && !c.checked && wanted(c));
const isText = ({ type }: LiveColumn) => type === 'text' || type === 'varchar';
const isNumber = ({ type }: LiveColumn) => /^(?:int[248]|numeric|float[48])$/.test(type);
const plain = ({ type }: LiveColumn) =>
  /^(?:int[48]|text|varchar|uuid|timestamptz?|numeric|bool)$/.test(type);

/** `share` of the rows, and one for certain. */
function some(table: LiveTable, share: number): string {
  return `(random() < ${share.toFixed(8)} OR ctid = (SELECT ctid FROM ${table.quoted} LIMIT 1))`;
}

const changes = (random: Random): number => random();

export const SCENARIOS: Record<string, Make> = {
  'set-not-null'({ table, random }) {
    const column = pickOf(
      free(table, (c) => !c.notNull && plain(c)),
      random,
    );
    if (!column) return undefined;
    const share = shareOf(table.rows, 0.3, random);
    const fill = literal(column, table.rows, random);
    return {
      kind: 'set-not-null',
      sql: `ALTER TABLE ${table.quoted} ALTER COLUMN ${column.quoted} SET NOT NULL`,
      good: [
        `UPDATE ${table.quoted} SET ${column.quoted} = ${fill.replaceAll(/\bi\b/g, '1')} WHERE ${column.quoted} IS NULL`,
      ],
      bad: [`UPDATE ${table.quoted} SET ${column.quoted} = NULL WHERE ${some(table, share)}`],
      undo: [`ALTER TABLE ${table.quoted} ALTER COLUMN ${column.quoted} DROP NOT NULL`],
    };
  },
  unique({ table, random, n }) {
    const column = pickOf(
      free(table, (c) => isText(c) || /^(?:int[48]|uuid)$/.test(c.type)),
      random,
    );
    if (!column || (column.length ?? 99) < 12) return undefined;
    const share = shareOf(table.rows, 0.4, random);
    const name = `u_${n}`;
    const form = changes(random);
    const sql =
      form < 0.4
        ? `ALTER TABLE ${table.quoted} ADD CONSTRAINT ${name} UNIQUE (${column.quoted})`
        : form < 0.9
          ? `CREATE UNIQUE INDEX ${name} ON ${table.quoted} (${column.quoted})`
          : `CREATE UNIQUE INDEX ${name} ON ${table.quoted} (${isText(column) ? `lower(${column.quoted})` : column.quoted})`;
    const numbered = `SELECT ctid AS at, row_number() OVER () AS i FROM ${table.quoted}`;
    const value = isText(column)
      ? `left(v.i || '-' || md5(v.i::text), ${Math.min(column.length ?? 30, 20 + Math.floor(random() * 20))})`
      : column.type === 'uuid'
        ? 'md5(v.i::text)::uuid'
        : 'v.i';
    return {
      kind: 'unique',
      sql,
      good: [
        `UPDATE ${table.quoted} t SET ${column.quoted} = ${value} FROM (${numbered}) v WHERE v.at = t.ctid`,
      ],
      bad: [
        `UPDATE ${table.quoted} SET ${column.quoted} = (SELECT ${column.quoted} FROM ${table.quoted} WHERE ${column.quoted} IS NOT NULL OFFSET ${Math.floor((random() * table.rows) / 3)} LIMIT 1) WHERE random() < ${(share / 2).toFixed(8)}`,
        `UPDATE ${table.quoted} t SET ${column.quoted} = v.value FROM (SELECT a.at, b.value FROM (SELECT ctid AS at, row_number() OVER () AS i FROM ${table.quoted} WHERE ${some(table, share)}) a JOIN (SELECT ${column.quoted} AS value, row_number() OVER () + 1 AS i FROM ${table.quoted} WHERE ${column.quoted} IS NOT NULL) b USING (i)) v WHERE v.at = t.ctid`,
      ].slice(random() < 0.4 ? 0 : 1),
      undo: [form < 0.4 ? `ALTER TABLE ${table.quoted} DROP CONSTRAINT ${name}` : `DROP INDEX ${name}`],
    };
  },
  'unique-pair'({ table, random, n }) {
    const able = free(table, (c) => plain(c) && c.type !== 'bool').concat(
      table.columns.filter(({ references, unique }) => references && !unique),
    );
    const [a, b] = shuffled(able, random);
    if (!a || !b || a === b) return undefined;
    const name = `u_${n}`;
    const share = shareOf(table.rows, 0.2, random);
    const pair = `${a.quoted}, ${b.quoted}`;
    return {
      kind: 'unique-pair',
      sql: `CREATE UNIQUE INDEX ${name} ON ${table.quoted} (${pair})`,
      good: [
        `DELETE FROM ${table.quoted} WHERE ctid IN (SELECT at FROM (SELECT ctid AS at, row_number() OVER (PARTITION BY ${pair}) AS n FROM ${table.quoted} WHERE ${a.quoted} IS NOT NULL AND ${b.quoted} IS NOT NULL) d WHERE n > 1)`,
      ],
      bad: [
        `UPDATE ${table.quoted} t SET (${pair}) = (SELECT v.a, v.b) FROM (SELECT x.at, y.a, y.b FROM (SELECT ctid AS at, row_number() OVER () AS i FROM ${table.quoted} WHERE ${some(table, share)}) x JOIN (SELECT ${a.quoted} AS a, ${b.quoted} AS b, row_number() OVER () + 1 AS i FROM ${table.quoted} WHERE ${a.quoted} IS NOT NULL AND ${b.quoted} IS NOT NULL) y USING (i)) v WHERE v.at = t.ctid`,
      ],
      undo: [`DROP INDEX ${name}`],
    };
  },
  'foreign-key'({ table, tables, random, n }) {
    const column = pickOf(
      free(table, (c) => /^(?:int[48]|uuid|text)$/.test(c.type)),
      random,
    );
    if (!column) return undefined;
    const parents = tables.flatMap((parent) =>
      parent.columns
        .filter((key) => key.uniqueAlone && key.type === column.type && parent !== table)
        .map((key) => ({ parent, key })),
    );
    const target = pickOf(parents, random);
    if (!target) return undefined;
    const { parent, key } = target;
    const share = shareOf(table.rows, 0.3, random);
    const name = `f_${n}`;
    const lost =
      column.type === 'uuid'
        ? 'md5(random()::text)::uuid'
        : column.type === 'text'
          ? `left('lost-' || md5(random()::text), ${column.length ?? 40})`
          : `(1900000000 + floor(random() * 1000000))::${column.type}`;
    const most = Math.max(1, Math.round(parent.rows ** (0.4 + 0.6 * random())));
    const notValid = random() < 0.12;
    return {
      kind: notValid ? 'foreign-key-not-valid' : 'foreign-key',
      sql: `ALTER TABLE ${table.quoted} ADD CONSTRAINT ${name} FOREIGN KEY (${column.quoted}) REFERENCES ${parent.quoted} (${key.quoted})${notValid ? ' NOT VALID' : ''}`,
      good: [
        `UPDATE ${table.quoted} t SET ${column.quoted} = p.k FROM (SELECT ctid AS at, 1 + (hashtext(ctid::text) & 2147483647) % least(${most}, (SELECT count(*) FROM ${parent.quoted}))::int AS i FROM ${table.quoted}) c JOIN (SELECT ${key.quoted} AS k, row_number() OVER () AS i FROM ${parent.quoted}) p USING (i) WHERE c.at = t.ctid`,
      ],
      ...(notValid
        ? {}
        : { bad: [`UPDATE ${table.quoted} SET ${column.quoted} = ${lost} WHERE ${some(table, share)}`] }),
      undo: [`ALTER TABLE ${table.quoted} DROP CONSTRAINT ${name}`],
    };
  },
  'check-positive'({ table, random, n }) {
    const column = pickOf(free(table, isNumber), random);
    if (!column) return undefined;
    const name = `c_${n}`;
    const share = shareOf(table.rows, 0.3, random);
    const strict = random() < 0.4;
    return {
      kind: 'check-number',
      sql: `ALTER TABLE ${table.quoted} ADD CONSTRAINT ${name} CHECK (${column.quoted} ${strict ? '>' : '>='} 0)`,
      good: [
        `UPDATE ${table.quoted} SET ${column.quoted} = abs(${column.quoted}) + 1 WHERE ${column.quoted} <= 0`,
      ],
      bad: [
        `UPDATE ${table.quoted} SET ${column.quoted} = ${random() < 0.3 && strict ? '0' : '-1'} WHERE ${some(table, share)}`,
      ],
      undo: [`ALTER TABLE ${table.quoted} DROP CONSTRAINT ${name}`],
    };
  },
  'check-length'({ table, random, n }) {
    const column = pickOf(free(table, isText), random);
    if (!column) return undefined;
    const name = `c_${n}`;
    const most = pickOf([20, 32, 64, 100, 255], random) ?? 64;
    const share = shareOf(table.rows, 0.5, random);
    if (column.length !== undefined && column.length <= most) return undefined;
    return {
      kind: 'check-length',
      sql: `ALTER TABLE ${table.quoted} ADD CONSTRAINT ${name} CHECK (char_length(${column.quoted}) <= ${most})`,
      good: [
        `UPDATE ${table.quoted} SET ${column.quoted} = left(${column.quoted}, ${most}) WHERE length(${column.quoted}) > ${most}`,
      ],
      bad: [
        `UPDATE ${table.quoted} SET ${column.quoted} = left(repeat(coalesce(${column.quoted}, 'x') || 'y', ${most + 1}), ${Math.min(column.length ?? 1e6, most + 1 + Math.floor(random() * most))}) WHERE ${some(table, share)}`,
      ],
      undo: [`ALTER TABLE ${table.quoted} DROP CONSTRAINT ${name}`],
    };
  },
  'check-list'({ table, random, n }) {
    const column = pickOf(
      free(table, (c) => isText(c) && (c.length ?? 99) >= 10),
      random,
    );
    if (!column) return undefined;
    const words = ['open', 'paid', 'shipped', 'closed', 'draft', 'failed'].slice(
      0,
      2 + Math.floor(random() * 5),
    );
    const list = words.map((word) => `'${word}'`).join(', ');
    const name = `c_${n}`;
    const share = shareOf(table.rows, 0.3, random);
    const used = 1 + Math.floor(random() * words.length);
    return {
      kind: 'check-list',
      sql: `ALTER TABLE ${table.quoted} ADD CONSTRAINT ${name} CHECK (${column.quoted} IN (${list}))`,
      good: [
        `UPDATE ${table.quoted} SET ${column.quoted} = (ARRAY[${list}])[1 + floor(random() * ${used})::int]`,
      ],
      bad: [
        `UPDATE ${table.quoted} SET ${column.quoted} = '${pickOf(['archived', 'PAID', '', 'unknown'], random)}' WHERE ${some(table, share)}`,
      ],
      undo: [`ALTER TABLE ${table.quoted} DROP CONSTRAINT ${name}`],
    };
  },
  'cast-text'({ table, random }) {
    const column = pickOf(
      free(table, (c) => c.type === 'text' && !c.indexed),
      random,
    );
    if (!column) return undefined;
    const targets = {
      integer: ['(floor(random() * 100000))::int::text', `'n/a'`],
      bigint: ['(floor(random() * 10000000000))::int8::text', `''`],
      uuid: ['md5(random()::text)::uuid::text', `'legacy-17'`],
      date: [`(date '2020-01-01' + floor(random() * 2000)::int)::text`, `'31/12/2020'`],
      boolean: [`(random() < 0.5)::text`, `'maybe'`],
      jsonb: [`json_build_object('k', floor(random() * 1000))::text`, `'{broken'`],
      numeric: [`(random() * 1000)::numeric(10,2)::text`, `'12,50'`],
    } as const;
    const to = pickOf(Object.keys(targets) as (keyof typeof targets)[], random) ?? 'integer';
    const [value, broken] = targets[to];
    const share = shareOf(table.rows, 0.3, random);
    return {
      kind: 'cast-text',
      sql: `ALTER TABLE ${table.quoted} ALTER COLUMN ${column.quoted} DROP DEFAULT, ALTER COLUMN ${column.quoted} TYPE ${to} USING ${column.quoted}::${to}`,
      good: [`UPDATE ${table.quoted} SET ${column.quoted} = ${value}`],
      bad: [`UPDATE ${table.quoted} SET ${column.quoted} = ${broken} WHERE ${some(table, share)}`],
      undo: [`ALTER TABLE ${table.quoted} ALTER COLUMN ${column.quoted} TYPE text`],
    };
  },
  'shrink-text'({ table, random }) {
    const column = pickOf(
      free(table, (c) => isText(c) && (c.length ?? 9999) > 40 && !c.indexed),
      random,
    );
    if (!column) return undefined;
    const most = pickOf([20, 32, 50, 64, 100, 255], random) ?? 50;
    if (column.length !== undefined && column.length <= most) return undefined;
    const share = shareOf(table.rows, 0.5, random);
    const fits = Math.max(4, Math.round(most * (0.2 + 0.8 * random())));
    return {
      kind: 'shrink-text',
      sql: `ALTER TABLE ${table.quoted} ALTER COLUMN ${column.quoted} TYPE varchar(${most})`,
      good: [
        `UPDATE ${table.quoted} SET ${column.quoted} = left(${column.quoted}, ${fits}) WHERE length(${column.quoted}) > ${fits}`,
      ],
      bad: [
        `UPDATE ${table.quoted} SET ${column.quoted} = left(repeat(coalesce(${column.quoted}, 'x') || 'y', ${most + 1}), ${Math.min(column.length ?? 1e6, most + 1 + Math.floor(random() * 20))}) WHERE ${some(table, share)}`,
      ],
      undo: [`ALTER TABLE ${table.quoted} ALTER COLUMN ${column.quoted} TYPE ${column.written}`],
    };
  },
  'shrink-number'({ table, random }) {
    const column = pickOf(
      free(table, (c) => /^int[48]$/.test(c.type) && !c.indexed),
      random,
    );
    if (!column) return undefined;
    const [to, limit] = column.type === 'int8' ? ['integer', 2_147_483_647] : ['smallint', 32_767];
    const share = shareOf(table.rows, 0.5, random);
    return {
      kind: 'shrink-number',
      sql: `ALTER TABLE ${table.quoted} ALTER COLUMN ${column.quoted} TYPE ${to}`,
      good: [
        `UPDATE ${table.quoted} SET ${column.quoted} = ${column.quoted} % ${Math.min(Number(limit), Math.round(10 ** (1 + random() * 4)))} WHERE ${column.quoted} > ${Number(limit) / 40}`,
      ],
      bad: [
        `UPDATE ${table.quoted} SET ${column.quoted} = ${limit}::int8 + 1 + floor(random() * 1000) WHERE ${some(table, share)}`,
      ],
      undo: [`ALTER TABLE ${table.quoted} ALTER COLUMN ${column.quoted} TYPE ${column.written}`],
    };
  },
  'to-enum'({ table, random, n }) {
    const column = pickOf(
      free(table, (c) => c.type === 'text' && !c.indexed),
      random,
    );
    if (!column) return undefined;
    const words = ['low', 'normal', 'high', 'urgent'].slice(0, 2 + Math.floor(random() * 3));
    const share = shareOf(table.rows, 0.3, random);
    const list = words.map((word) => `'${word}'`).join(', ');
    return {
      kind: 'to-enum',
      sql: `CREATE TYPE e_${n} AS ENUM (${list});\nALTER TABLE ${table.quoted} ALTER COLUMN ${column.quoted} DROP DEFAULT, ALTER COLUMN ${column.quoted} TYPE e_${n} USING ${column.quoted}::e_${n}`,
      good: [
        `UPDATE ${table.quoted} SET ${column.quoted} = (ARRAY[${list}])[1 + floor(random() * ${words.length})::int]`,
      ],
      bad: [
        `UPDATE ${table.quoted} SET ${column.quoted} = '${pickOf(['Low', 'none', ''], random)}' WHERE ${some(table, share)}`,
      ],
      undo: [`ALTER TABLE ${table.quoted} ALTER COLUMN ${column.quoted} TYPE text`, `DROP TYPE e_${n}`],
    };
  },
  'add-not-null-column'({ table, n, random }) {
    if (random() < 0.6) return undefined;
    return {
      kind: 'add-not-null-column',
      sql: `ALTER TABLE ${table.quoted} ADD COLUMN a_${n} integer NOT NULL`,
      good: [],
      undo: [`ALTER TABLE ${table.quoted} DROP COLUMN a_${n}`],
    };
  },
  'backfill-then-not-null'({ table, random }) {
    const column = pickOf(
      free(table, (c) => !c.notNull && plain(c) && c.type !== 'uuid'),
      random,
    );
    if (!column) return undefined;
    const fill = literal(column, 5, random).replaceAll(/\bi\b/g, '1').replaceAll('random()', '0.5');
    return {
      kind: 'backfill-then-not-null',
      sql: `UPDATE ${table.quoted} SET ${column.quoted} = ${fill} WHERE ${column.quoted} IS NULL;\nALTER TABLE ${table.quoted} ALTER COLUMN ${column.quoted} SET NOT NULL`,
      good: [
        `UPDATE ${table.quoted} SET ${column.quoted} = NULL WHERE ${some(table, shareOf(table.rows, 0.5, random))}`,
      ],
      undo: [`ALTER TABLE ${table.quoted} ALTER COLUMN ${column.quoted} DROP NOT NULL`],
    };
  },
  'add-column'({ table, random, n }) {
    const [kind, definition] =
      pickOf(
        [
          ['add-column', 'text'],
          ['add-column-default', `text NOT NULL DEFAULT 'new'`],
          ['add-column-default', 'timestamptz NOT NULL DEFAULT now()'],
          ['add-column-volatile', 'uuid DEFAULT gen_random_uuid()'],
          ['add-column-volatile', 'timestamptz DEFAULT clock_timestamp()'],
          ['add-column-volatile', 'bigserial'],
          ['add-column-generated', 'integer GENERATED ALWAYS AS (1 + 1) STORED'],
        ],
        random,
      ) ?? [];
    if (!kind) return undefined;
    return {
      kind,
      sql: `ALTER TABLE ${table.quoted} ADD COLUMN a_${n} ${definition}`,
      good: [],
      undo: [`ALTER TABLE ${table.quoted} DROP COLUMN a_${n}`],
    };
  },
  widen({ table, random }) {
    const column = pickOf(
      free(table, (c) => c.type === 'int4' || c.length !== undefined || c.type === 'timestamp'),
      random,
    );
    if (!column) return undefined;
    const to =
      column.type === 'int4'
        ? 'bigint'
        : column.length !== undefined
          ? `varchar(${column.length + 50})`
          : 'timestamptz';
    return {
      kind: 'widen',
      sql: `ALTER TABLE ${table.quoted} ALTER COLUMN ${column.quoted} TYPE ${to}`,
      good: [],
      undo: [],
    };
  },
  index({ table, random, n }) {
    const able = table.columns.filter((c) =>
      /^(?:int[248]|text|varchar|uuid|timestamptz?|numeric|bool|jsonb|date)$/.test(c.type),
    );
    const [a, b] = shuffled(able, random);
    if (!a) return undefined;
    const form = changes(random);
    const on = `CREATE INDEX${form > 0.9 ? ' CONCURRENTLY' : ''} i_${n} ON ${table.quoted}`;
    const tail =
      a.type === 'jsonb'
        ? `USING gin (${a.quoted})`
        : form < 0.1
          ? `USING brin (${a.quoted})`
          : form < 0.2
            ? `USING hash (${a.quoted})`
            : form < 0.45 && b && b.type !== 'jsonb'
              ? `(${a.quoted}, ${b.quoted})`
              : form < 0.55
                ? `(${a.quoted}) WHERE ${a.quoted} IS NOT NULL`
                : form < 0.65 && isText(a)
                  ? `(lower(${a.quoted}))`
                  : `(${a.quoted}${form > 0.8 ? ' DESC' : ''})`;
    return {
      kind: form > 0.9 ? 'index-concurrently' : 'index',
      sql: `${on} ${tail}`,
      good: [],
      undo: [`DROP INDEX i_${n}`],
    };
  },
  update({ table, random }) {
    const column = pickOf(free(table, plain), random);
    if (!column) return undefined;
    const form = changes(random);
    const value =
      isText(column) && form < 0.5
        ? `lower(${column.quoted})`
        : literal(column, 5, random).replaceAll(/\bi\b/g, '1');
    const where =
      form < 0.4
        ? ''
        : form < 0.6
          ? ` WHERE ${column.quoted} IS NULL`
          : form < 0.8
            ? ` WHERE ${column.quoted} IS NOT NULL`
            : ` WHERE ${column.quoted} = ${literal(column, 3, random).replaceAll(/\bi\b/g, '1').replaceAll('random()', '0.5')}`;
    return {
      kind: 'update',
      sql: `UPDATE ${table.quoted} SET ${column.quoted} = ${value}${where}`,
      good: [],
      undo: [],
    };
  },
  'update-from'({ table, tables, random }) {
    const link = pickOf(
      table.columns.filter(({ references }) => references),
      random,
    );
    const parent = link && tables.find(({ quoted }) => quoted === link.references?.table);
    const column = pickOf(free(table, isText), random);
    const source = parent && pickOf(parent.columns.filter(isText), random);
    if (!link?.references || !parent || !column || !source || parent === table) return undefined;
    const value =
      column.length === undefined ? `p.${source.quoted}` : `left(p.${source.quoted}, ${column.length})`;
    return {
      kind: 'update-from',
      sql: `UPDATE ${table.quoted} AS t SET ${column.quoted} = ${value} FROM ${parent.quoted} p WHERE p.${link.references.column} = t.${link.quoted}`,
      good: [],
      undo: [],
    };
  },
  delete({ table, random }) {
    const column = pickOf(
      table.columns.filter((c) => /^timestamptz?$|^int[48]$/.test(c.type) && !c.references),
      random,
    );
    if (!column || random() < 0.5) return undefined;
    const value = /^int/.test(column.type)
      ? String(Math.round(table.rows * 0.03))
      : `timestamptz '2020-01-01' + interval '${Math.round(table.rows * 0.03)} seconds'`;
    return {
      kind: 'delete',
      sql: `DELETE FROM ${table.quoted} WHERE ${column.quoted} < ${value}`,
      good: [],
      undo: [],
    };
  },
  copy({ table, n }) {
    return {
      kind: 'copy-table',
      sql: `CREATE TABLE copy_${n} AS SELECT * FROM ${table.quoted}`,
      good: [],
      undo: [`DROP TABLE copy_${n}`],
    };
  },
  metadata({ table, random, n }) {
    const column = pickOf(
      free(table, (c) => plain(c) && !c.indexed),
      random,
    );
    if (!column) return undefined;
    const options: [string, string[]][] = [
      [`ALTER TABLE ${table.quoted} ALTER COLUMN ${column.quoted} SET DEFAULT NULL`, []],
      [
        `CREATE TABLE new_${n} (id bigserial PRIMARY KEY, name text NOT NULL UNIQUE, at timestamptz DEFAULT now())`,
        [`DROP TABLE new_${n}`],
      ],
      [
        `ALTER TABLE ${table.quoted} RENAME COLUMN ${column.quoted} TO r_${n}`,
        [`ALTER TABLE ${table.quoted} RENAME COLUMN r_${n} TO ${column.quoted}`],
      ],
      [`COMMENT ON COLUMN ${table.quoted}.${column.quoted} IS 'what it is'`, []],
      [`CREATE VIEW v_${n} AS SELECT ${column.quoted} FROM ${table.quoted}`, [`DROP VIEW v_${n}`]],
      [
        `ALTER TABLE ${table.quoted} ADD CONSTRAINT n_${n} CHECK (${column.quoted} IS NOT NULL) NOT VALID`,
        [`ALTER TABLE ${table.quoted} DROP CONSTRAINT n_${n}`],
      ],
      [
        `ALTER TABLE ${table.quoted} ADD COLUMN a_${n} boolean DEFAULT false`,
        [`ALTER TABLE ${table.quoted} DROP COLUMN a_${n}`],
      ],
      [
        `CREATE FUNCTION fn_${n}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$`,
        [`DROP FUNCTION fn_${n}()`],
      ],
    ];
    const [sql, undo] = pickOf(options, random) ?? ['', []];
    return { kind: 'metadata', sql, good: [], undo };
  },
};
