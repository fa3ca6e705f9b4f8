/** What is known of an SQLite schema from the statements so far. Names are kept in lower case: SQLite does not tell cases apart. */
import type { SqliteColumn, SqliteStatement, SqliteTableDefinition } from '../../sql/sqlite/read.ts';
import type { CatalogueConstraint } from '../catalogue.ts';
import { folded, mentions, NamedTable, NamedTables } from '../named-tables.ts';

const OWN = 'column_';

export class SqliteTable extends NamedTable {
  /** The table whose rows it was filled with. */
  copyOf: string | undefined;

  copy(): SqliteTable {
    return Object.assign(new SqliteTable(this.name, this.kind, this.known), { ...this, ...this.own() });
  }

  define(definition: SqliteTableDefinition): void {
    for (const column of definition.columns) this.addColumn(column);
    for (const { kind, columns } of definition.keys)
      this.#constrain({ kind, columns: columns.map(folded), valid: true });
    for (const { columns, references } of definition.foreignKeys)
      this.#constrain({ kind: 'foreign_key', columns: columns.map(folded), references, valid: true });
    for (const expression of definition.checks)
      this.#constrain({ kind: 'check', columns: [], valid: true, expression });
  }

  addColumn(column: SqliteColumn): void {
    const name = folded(column.name);
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
    this.columns = new Map(
      [...this.columns].map(([name, column]) => [name === folded(from) ? folded(to) : name, column]),
    );
    const renamed = (columns: readonly string[]) =>
      columns.map((name) => (name === folded(from) ? folded(to) : name));
    for (const [name, index] of this.indexes)
      this.indexes.set(name, { ...index, columns: renamed(index.columns) });
    for (const [name, constraint] of this.constraints)
      this.constraints.set(name, { ...constraint, columns: renamed(constraint.columns) });
  }

  /** In words why DROP COLUMN refuses; undefined where nothing that is known stands against it. */
  whyNotDroppable(column: string): string | undefined {
    const key = folded(column);
    const words = {
      primary_key: 'it is in the primary key',
      unique: 'it is UNIQUE',
      foreign_key: 'a foreign key uses it',
    };
    for (const [name, { kind, columns, expression }] of this.constraints) {
      if (name.startsWith(OWN)) continue;
      if (kind in words && columns.includes(key)) return words[kind as keyof typeof words];
      if (kind === 'check' && mentions(expression, key)) return 'a check of the table uses it';
    }
    const index = [...this.indexes].find(([, { columns }]) => columns.includes(key));
    return index && `the index ${index[0]} uses it`;
  }
}

export class SqliteCatalogue extends NamedTables<SqliteTable> {
  /** One of its own: neither sees what becomes of the other. */
  copy(): SqliteCatalogue {
    const copy = new SqliteCatalogue();
    copy.copyTables(this);
    return copy;
  }

  protected unknown(name: string): SqliteTable {
    return new SqliteTable(name, 'table', false);
  }

  /** The table that was filled with the rows of this one. */
  copyOf(name: string): SqliteTable | undefined {
    return [...this.tables.values()].find(
      ({ copyOf }) => copyOf !== undefined && folded(copyOf) === folded(name),
    );
  }

  apply(read: SqliteStatement): void {
    switch (read.kind) {
      case 'create_table': {
        if (read.ifNotExists && this.relation(read.table)) return;
        const table = new SqliteTable(read.table, 'table', read.definition !== undefined);
        if (read.definition) table.define(read.definition);
        table.temporary = read.temporary;
        this.add(table);
        return;
      }
      case 'create_virtual_table':
        this.add(new SqliteTable(read.table, 'table', false));
        return;
      case 'create_view':
        this.add(new SqliteTable(read.name, 'view', true));
        for (const name of read.reads) this.relation(name)?.views.push(read.name);
        return;
      case 'create_trigger':
        if (read.table) this.kept(read.table).triggers.add(folded(read.name));
        return;
      case 'create_index': {
        const { columns, unique, partial } = read;
        const keys = columns.map(folded);
        const index = {
          columns: keys,
          unique,
          valid: true,
          partial: partial || keys.includes(''),
          method: 'btree',
        };
        this.kept(read.table).indexes.set(folded(read.name), index);
        return;
      }
      case 'add_column':
        this.kept(read.table).addColumn(read.column);
        return;
      case 'drop_column':
        this.kept(read.table).columns.delete(folded(read.column));
        return;
      case 'rename_column':
        this.kept(read.table).renameColumn(read.from, read.to);
        return;
      case 'rename_table': {
        this.rename(read.table, read.to).copyOf = undefined;
        return;
      }
      case 'drop':
        if (read.what === 'table' || read.what === 'view') this.remove(read.name);
        if (read.what === 'index')
          for (const table of this.tables.values()) table.indexes.delete(folded(read.name));
        if (read.what === 'trigger')
          for (const table of this.tables.values()) table.triggers.delete(folded(read.name));
        return;
      case 'rows': {
        const [into] = read.writes;
        if ((read.verb !== 'insert' && read.verb !== 'replace') || into === undefined) return;
        const table = this.kept(into);
        table.hasRows = true;
        if (read.reads.length === 1) table.copyOf = read.reads[0];
        return;
      }
      default:
    }
  }
}
