/** What is known of an SQLite schema from the statements so far. Names are kept in lower case: SQLite does not tell cases apart. */
import type { SqliteColumn, SqliteStatement, SqliteTableDefinition } from '../../sql/sqlite/read.ts';
import type {
  Catalogue,
  CatalogueColumn,
  CatalogueConstraint,
  CatalogueIndex,
  CatalogueRelation,
  RelationKind,
} from '../catalogue.ts';

const OWN = 'column_';

export class SqliteTable implements CatalogueRelation {
  name: string;
  readonly kind: RelationKind;
  known: boolean;
  hasRows = false;
  temporary = false;
  /** The table whose rows it was filled with. */
  copyOf: string | undefined;
  readonly columns = new Map<string, CatalogueColumn>();
  readonly constraints = new Map<string, CatalogueConstraint>();
  readonly indexes = new Map<string, CatalogueIndex>();
  readonly triggers = new Set<string>();
  readonly parents: string[] = [];
  readonly children: string[] = [];
  readonly views: string[] = [];

  constructor(name: string, kind: RelationKind, known: boolean) {
    this.name = name;
    this.kind = kind;
    this.known = known;
  }

  copy(): SqliteTable {
    return Object.assign(new SqliteTable(this.name, this.kind, this.known), {
      ...this,
      columns: new Map(this.columns),
      constraints: new Map(this.constraints),
      indexes: new Map(this.indexes),
      triggers: new Set(this.triggers),
      parents: [...this.parents],
      children: [...this.children],
      views: [...this.views],
    });
  }

  define(definition: SqliteTableDefinition): void {
    for (const column of definition.columns) this.addColumn(column);
    for (const { kind, columns } of definition.keys)
      this.#constrain({ kind, columns: columns.map(lower), valid: true });
    for (const { columns, references } of definition.foreignKeys)
      this.#constrain({ kind: 'foreign_key', columns: columns.map(lower), references, valid: true });
    for (const expression of definition.checks)
      this.#constrain({ kind: 'check', columns: [], valid: true, expression });
  }

  addColumn(column: SqliteColumn): void {
    const name = lower(column.name);
    this.columns.set(name, {
      type: column.type,
      notNull: column.notNull,
      ...(column.default === undefined ? {} : { default: column.default }),
    });
    const columns = [name];
    if (column.primaryKey) this.#constrain({ kind: 'primary_key', columns, valid: true });
    if (column.unique) this.#constrain({ kind: 'unique', columns, valid: true });
    if (column.references !== undefined)
      this.#ownKey({ kind: 'foreign_key', columns, references: column.references, valid: true });
  }

  /** A foreign key that is written at its column goes with it. */
  #ownKey(constraint: CatalogueConstraint): void {
    this.constraints.set(`${OWN}${this.constraints.size + 1}`, constraint);
  }

  #constrain(constraint: CatalogueConstraint): void {
    this.constraints.set(`${constraint.kind}_${this.constraints.size + 1}`, constraint);
  }

  renameColumn(from: string, to: string): void {
    const entries = [...this.columns].map(
      ([name, column]) => [name === lower(from) ? lower(to) : name, column] as const,
    );
    this.columns.clear();
    for (const [name, column] of entries) this.columns.set(name, column);
    const renamed = (columns: readonly string[]) =>
      columns.map((name) => (name === lower(from) ? lower(to) : name));
    for (const [name, index] of this.indexes)
      this.indexes.set(name, { ...index, columns: renamed(index.columns) });
    for (const [name, constraint] of this.constraints)
      this.constraints.set(name, { ...constraint, columns: renamed(constraint.columns) });
  }

  /** In words why DROP COLUMN refuses; undefined where nothing that is known stands against it. */
  whyNotDroppable(column: string): string | undefined {
    const key = lower(column);
    const words = {
      primary_key: 'it is in the primary key',
      unique: 'it is UNIQUE',
      foreign_key: 'a foreign key uses it',
    };
    for (const [name, { kind, columns, expression }] of this.constraints) {
      if (name.startsWith(OWN)) continue;
      if (kind in words && columns.includes(key)) return words[kind as keyof typeof words];
      if (
        kind === 'check' &&
        (expression ?? '')
          .toLowerCase()
          .split(/[^\p{L}\p{N}_$]+/u)
          .includes(key)
      )
        return 'a check of the table uses it';
    }
    const index = [...this.indexes].find(([, { columns }]) => columns.includes(key));
    return index && `the index ${index[0]} uses it`;
  }
}

export class SqliteCatalogue implements Catalogue {
  readonly #tables = new Map<string, SqliteTable>();

  /** One of its own: neither sees what becomes of the other. */
  copy(): SqliteCatalogue {
    const copy = new SqliteCatalogue();
    for (const [key, table] of this.#tables) copy.#tables.set(key, table.copy());
    return copy;
  }

  relation(name: string): SqliteTable | undefined {
    return this.#tables.get(keyOf(name));
  }

  resolve(schema: string | undefined, name: string): SqliteTable | undefined {
    return this.relation(schema === undefined ? name : `${schema}.${name}`);
  }

  relations(): Iterable<SqliteTable> {
    return this.#tables.values();
  }

  /** The table that was filled with the rows of this one. */
  copyOf(name: string): SqliteTable | undefined {
    return [...this.#tables.values()].find(
      ({ copyOf }) => copyOf !== undefined && keyOf(copyOf) === keyOf(name),
    );
  }

  apply(read: SqliteStatement): void {
    switch (read.kind) {
      case 'create_table': {
        if (read.ifNotExists && this.relation(read.table)) return;
        const table = new SqliteTable(read.table, 'table', read.definition !== undefined);
        if (read.definition) table.define(read.definition);
        table.temporary = read.temporary;
        this.#add(table);
        return;
      }
      case 'create_virtual_table':
        this.#add(new SqliteTable(read.table, 'table', false));
        return;
      case 'create_view':
        this.#add(new SqliteTable(read.name, 'view', true));
        for (const name of read.reads) this.relation(name)?.views.push(read.name);
        return;
      case 'create_trigger':
        if (read.table) this.#kept(read.table).triggers.add(keyOf(read.name));
        return;
      case 'create_index': {
        const { columns, unique, partial } = read;
        const keys = columns.map(lower);
        const index = {
          columns: keys,
          unique,
          valid: true,
          partial: partial || keys.includes(''),
          method: 'btree',
        };
        this.#kept(read.table).indexes.set(keyOf(read.name), index);
        return;
      }
      case 'add_column':
        this.#kept(read.table).addColumn(read.column);
        return;
      case 'drop_column':
        this.#kept(read.table).columns.delete(lower(read.column));
        return;
      case 'rename_column':
        this.#kept(read.table).renameColumn(read.from, read.to);
        return;
      case 'rename_table': {
        const table = this.#kept(read.table);
        this.#tables.delete(keyOf(read.table));
        table.name = read.to;
        table.copyOf = undefined;
        this.#add(table);
        return;
      }
      case 'drop':
        if (read.what === 'table' || read.what === 'view') this.#tables.delete(keyOf(read.name));
        if (read.what === 'index')
          for (const table of this.#tables.values()) table.indexes.delete(keyOf(read.name));
        if (read.what === 'trigger')
          for (const table of this.#tables.values()) table.triggers.delete(keyOf(read.name));
        return;
      case 'rows': {
        const [into] = read.writes;
        if ((read.verb !== 'insert' && read.verb !== 'replace') || into === undefined) return;
        const table = this.#kept(into);
        table.hasRows = true;
        if (read.reads.length === 1) table.copyOf = read.reads[0];
        return;
      }
      default:
    }
  }

  #kept(name: string): SqliteTable {
    const table = this.relation(name) ?? new SqliteTable(name, 'table', false);
    this.#add(table);
    return table;
  }

  #add(table: SqliteTable): void {
    this.#tables.set(keyOf(table.name), table);
  }
}

function keyOf(name: string): string {
  return name.toLowerCase();
}

function lower(name: string): string {
  return name.toLowerCase();
}
