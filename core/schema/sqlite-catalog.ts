/** Reads an SQLite schema as a `SchemaSnapshot`. */
import type { Sqlite } from '../store/sqlite.ts';
import type { Column, Constraint, Relation, SchemaSnapshot } from './snapshot.ts';
import { EMPTY_SCHEMA } from './snapshot.ts';

interface Entry {
  type: string;
  name: string;
  table: string;
  sql: string | null;
}

/** Schema of every relation: that of the main database file. */
const MAIN = 'main';

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
    entries
      .filter((entry) => entry.type === type && entry.table === table)
      .map(({ name, sql }) => ({ name, definition: sql ?? '' }));
  const relations = entries
    .filter(({ type }) => type === 'table' || type === 'view')
    .map(
      ({ type, name, sql }): Relation => ({
        kind: type === 'view' ? 'view' : 'table',
        schema: MAIN,
        name,
        columns: columnsOf(db, name),
        constraints: [...primaryKey(db, name), ...foreignKeys(db, name)],
        indexes: of('index', name).map((index) => ({
          ...index,
          unique: /^\s*CREATE\s+UNIQUE\b/i.test(index.definition),
          valid: true,
        })),
        triggers: of('trigger', name).map((trigger) => ({ ...trigger, enabled: 'origin' })),
        policies: [],
        ...(sql === null ? {} : { definition: sql }),
      }),
    );
  return { ...EMPTY_SCHEMA, relations };
}

function columnsOf(db: Pick<Sqlite, 'all'>, table: string): Column[] {
  return db.all(
    'SELECT name, type, "notnull", dflt_value, hidden FROM pragma_table_xinfo(?)',
    [table],
    (row): Column => ({
      name: String(row[0]),
      type: String(row[1]),
      nullable: row[2] === 0,
      ...(row[3] === null || row[3] === undefined ? {} : { expression: String(row[3]) }),
      ...(row[4] === 2 ? { generated: 'virtual' } : row[4] === 3 ? { generated: 'stored' } : {}),
    }),
  );
}

function primaryKey(db: Pick<Sqlite, 'all'>, table: string): Constraint[] {
  const columns = db.all('SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk', [table], (row) =>
    String(row[0]),
  );
  if (columns.length === 0) return [];
  const definition = `PRIMARY KEY (${columns.join(', ')})`;
  return [{ name: 'primary key', type: 'primary key', definition, validated: true }];
}

function foreignKeys(db: Pick<Sqlite, 'all'>, table: string): Constraint[] {
  const rows = db.all(
    'SELECT id, "table", "from", "to", on_update, on_delete FROM pragma_foreign_key_list(?) ORDER BY id, seq',
    [table],
    (row) => row.map((value) => String(value ?? '')),
  );
  const keys = new Map<string, { to: string; from: string[]; columns: string[]; rules: string }>();
  for (const [id = '', to = '', from = '', column = '', onUpdate = '', onDelete = ''] of rows) {
    const key = keys.get(id) ?? {
      to,
      from: [],
      columns: [],
      rules: `ON UPDATE ${onUpdate} ON DELETE ${onDelete}`,
    };
    key.from.push(from);
    if (column) key.columns.push(column);
    keys.set(id, key);
  }
  return [...keys.values()].map(({ to, from, columns, rules }) => ({
    name: `foreign key on ${from.join(', ')} to ${to}`,
    type: 'foreign key',
    definition: `FOREIGN KEY (${from.join(', ')}) REFERENCES ${to}(${columns.join(', ')}) ${rules}`,
    validated: true,
  }));
}
