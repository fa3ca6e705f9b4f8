/** Reads the schema of the current MySQL or MariaDB database as a `SchemaSnapshot`. */
import {
  type Column,
  EMPTY_SCHEMA,
  type Relation,
  type Routine,
  type SchemaSnapshot,
} from '../../schema/snapshot.ts';
import type { MysqlQuery, MysqlRow } from './mysql.ts';

const OWN = 'TABLE_SCHEMA = DATABASE()';

export async function readMysqlSchema(query: MysqlQuery): Promise<SchemaSnapshot> {
  const [tables, columns, indexes, keys, checks, triggers, views, routines] = [
    await query(`SELECT TABLE_SCHEMA AS db, TABLE_NAME AS name, TABLE_TYPE AS kind FROM information_schema.TABLES
      WHERE ${OWN} AND TABLE_TYPE IN ('BASE TABLE', 'VIEW', 'SYSTEM VERSIONED') ORDER BY TABLE_NAME`),
    await query(`SELECT TABLE_NAME AS tbl, COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable,
      COLUMN_DEFAULT AS def, EXTRA AS extra, GENERATION_EXPRESSION AS gen, COLLATION_NAME AS coll
      FROM information_schema.COLUMNS WHERE ${OWN} ORDER BY TABLE_NAME, ORDINAL_POSITION`),
    await query(`SELECT TABLE_NAME AS tbl, INDEX_NAME AS name, NON_UNIQUE AS dup, INDEX_TYPE AS type,
      GROUP_CONCAT(CONCAT(COALESCE(COLUMN_NAME, '(expression)'), IF(SUB_PART IS NULL, '', CONCAT('(', SUB_PART, ')')))
        ORDER BY SEQ_IN_INDEX SEPARATOR ', ') AS cols
      FROM information_schema.STATISTICS WHERE ${OWN} GROUP BY TABLE_NAME, INDEX_NAME, NON_UNIQUE, INDEX_TYPE`),
    await query(`SELECT k.TABLE_NAME AS tbl, k.CONSTRAINT_NAME AS name, r.REFERENCED_TABLE_NAME AS target,
      GROUP_CONCAT(k.COLUMN_NAME ORDER BY k.ORDINAL_POSITION SEPARATOR ', ') AS cols,
      GROUP_CONCAT(k.REFERENCED_COLUMN_NAME ORDER BY k.ORDINAL_POSITION SEPARATOR ', ') AS refs,
      r.DELETE_RULE AS del, r.UPDATE_RULE AS upd
      FROM information_schema.KEY_COLUMN_USAGE k JOIN information_schema.REFERENTIAL_CONSTRAINTS r
        ON r.CONSTRAINT_SCHEMA = k.CONSTRAINT_SCHEMA AND r.CONSTRAINT_NAME = k.CONSTRAINT_NAME AND r.TABLE_NAME = k.TABLE_NAME
      WHERE k.TABLE_SCHEMA = DATABASE()
      GROUP BY k.TABLE_NAME, k.CONSTRAINT_NAME, r.REFERENCED_TABLE_NAME, r.DELETE_RULE, r.UPDATE_RULE`),
    await checkConstraints(query),
    await query(`SELECT EVENT_OBJECT_TABLE AS tbl, TRIGGER_NAME AS name,
      CONCAT_WS(' ', ACTION_TIMING, EVENT_MANIPULATION, ACTION_STATEMENT) AS def
      FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE()`),
    await query(
      `SELECT TABLE_NAME AS name, VIEW_DEFINITION AS def FROM information_schema.VIEWS WHERE ${OWN}`,
    ),
    await query(`SELECT ROUTINE_SCHEMA AS db, ROUTINE_NAME AS name, ROUTINE_TYPE AS kind, MD5(ROUTINE_DEFINITION) AS def
      FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE()`),
  ];
  const definitions = new Map(views.map(({ name, def }) => [text(name), text(def)]));
  const relations = tables.map((table): Relation => {
    const name = text(table.name);
    const of = (rows: readonly MysqlRow[], definition: (row: MysqlRow) => string) =>
      rows
        .filter(({ tbl }) => tbl === table.name)
        .map((row) => ({ name: text(row.name), definition: definition(row) }));
    const view = table.kind === 'VIEW';
    return {
      kind: view ? 'view' : 'table',
      schema: text(table.db),
      name,
      columns: columns.filter(({ tbl }) => tbl === table.name).map(columnOf),
      constraints: [
        ...of(
          indexes.filter((row) => row.name === 'PRIMARY'),
          ({ cols }) => `PRIMARY KEY (${text(cols)})`,
        ).map((key) => ({ ...key, type: 'primary key' as const, validated: true })),
        ...of(keys, foreignKey).map((key) => ({ ...key, type: 'foreign key' as const, validated: true })),
        ...of(checks, ({ def }) => `CHECK (${text(def)})`).map((one) => ({
          ...one,
          type: 'check' as const,
          validated: true,
        })),
      ],
      indexes: of(indexes, indexText).map((index) => ({
        ...index,
        unique: !index.definition.startsWith('INDEX'),
        valid: true,
        ...(index.name === 'PRIMARY' ? { constraint: true } : {}),
      })),
      triggers: of(triggers, ({ def }) => text(def)).map((trigger) => ({ ...trigger, enabled: 'origin' })),
      policies: [],
      ...(view ? { definition: definitions.get(name) ?? '' } : {}),
    };
  });
  return { ...EMPTY_SCHEMA, relations, routines: routines.map(routineOf) };
}

function routineOf({ db, name, kind, def }: MysqlRow): Routine {
  return {
    kind: text(kind).toLowerCase() === 'procedure' ? 'procedure' : 'function',
    schema: text(db),
    name: text(name),
    argumentTypes: '',
    arguments: '',
    language: 'sql',
    definition: text(def),
  };
}

/** MySQL 8.0.16 and MariaDB 10.2 have the table, with other columns; older servers have neither. */
async function checkConstraints(query: MysqlQuery): Promise<MysqlRow[]> {
  const mariadb = `SELECT TABLE_NAME AS tbl, CONSTRAINT_NAME AS name, CHECK_CLAUSE AS def
    FROM information_schema.CHECK_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = DATABASE()`;
  const mysql = `SELECT t.TABLE_NAME AS tbl, c.CONSTRAINT_NAME AS name, c.CHECK_CLAUSE AS def
    FROM information_schema.CHECK_CONSTRAINTS c JOIN information_schema.TABLE_CONSTRAINTS t
      ON t.CONSTRAINT_SCHEMA = c.CONSTRAINT_SCHEMA AND t.CONSTRAINT_NAME = c.CONSTRAINT_NAME
    WHERE c.CONSTRAINT_SCHEMA = DATABASE() AND t.CONSTRAINT_TYPE = 'CHECK'`;
  return query(mariadb).catch(() => query(mysql).catch(() => []));
}

function columnOf({ name, type, nullable, def, extra, gen, coll }: MysqlRow): Column {
  const generated = text(gen) ? `GENERATED ALWAYS AS (${text(gen)})` : '';
  const parts = [generated, def === null || generated ? '' : `DEFAULT ${text(def)}`, text(extra)];
  const expression = parts.filter(Boolean).join(' ');
  return {
    name: text(name),
    type: coll ? `${text(type)} COLLATE ${text(coll)}` : text(type),
    nullable: nullable === 'YES',
    ...(expression ? { expression } : {}),
  };
}

function indexText({ name, dup, type, cols }: MysqlRow): string {
  const kind = name === 'PRIMARY' ? 'PRIMARY KEY' : Number(dup) === 0 ? 'UNIQUE' : 'INDEX';
  return `${kind} (${text(cols)}) USING ${text(type)}`;
}

function foreignKey({ cols, target, refs, del, upd }: MysqlRow): string {
  return `FOREIGN KEY (${text(cols)}) REFERENCES ${text(target)} (${text(refs)}) ON DELETE ${text(del)} ON UPDATE ${text(upd)}`;
}

function text(value: unknown): string {
  return value === null || value === undefined ? '' : String(value);
}
