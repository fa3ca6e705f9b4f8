/** Reads an SQLite schema as a `SchemaSnapshot`. */
import type { Sqlite } from '../store/sqlite.ts';
import type { Column, Relation, SchemaSnapshot } from './snapshot.ts';
import { EMPTY_SCHEMA } from './snapshot.ts';

interface Entry {
  type: string;
  name: string;
  table: string;
  sql: string | null;
}

export function readSqliteSchema(db: Pick<Sqlite, 'all'>): SchemaSnapshot {
  const entries = db.all(
    `SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'`,
    [],
    (row): Entry => ({
      type: String(row[0]),
      name: String(row[1]),
      table: String(row[2]),
      sql: row[3] === null ? null : String(row[3]),
    }),
  );
  const of = (type: string, table: string) =>
    Object.fromEntries(
      entries
        .filter((entry) => entry.type === type && entry.table === table)
        .map(({ name, sql }) => [name, sql ?? '']),
    );
  const relations = entries
    .filter(({ type }) => type === 'table' || type === 'view')
    .map(
      ({ type, name, sql }): Relation => ({
        name: `main.${name}`,
        kind: type === 'view' ? 'view' : 'table',
        columns: columnsOf(db, name),
        constraints: foreignKeys(db, name),
        indexes: of('index', name),
        triggers: of('trigger', name),
        policies: {},
        definition: type === 'view' ? sql : null,
      }),
    );
  return { ...EMPTY_SCHEMA, relations };
}

function columnsOf(db: Pick<Sqlite, 'all'>, table: string): Column[] {
  return db.all('SELECT name, type, "notnull", dflt_value FROM pragma_table_xinfo(?)', [table], (row) => ({
    name: String(row[0]),
    type: String(row[1]),
    nullable: row[2] === 0,
    expression: row[3] === null || row[3] === undefined ? null : String(row[3]),
  }));
}

function foreignKeys(db: Pick<Sqlite, 'all'>, table: string): Record<string, string> {
  const keys = db.all(
    'SELECT id, "table", "from", "to", on_delete FROM pragma_foreign_key_list(?) ORDER BY id, seq',
    [table],
    (row) => [
      `fk_${row[0]}_${row[2]}`,
      `FOREIGN KEY (${row[2]}) REFERENCES ${row[1]}(${row[3] ?? ''}) ON DELETE ${row[4]}`,
    ],
  );
  return Object.fromEntries(keys as [string, string][]);
}
