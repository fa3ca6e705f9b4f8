/** What is known of a MySQL or MariaDB schema from the statements so far. */
import type {
  ColumnDefinition,
  ColumnType,
  ForeignKey,
  IndexDefinition,
  TableDefinition,
} from '../../sql/mysql/ast.ts';
import type { CatalogueColumn, CatalogueIndex } from '../catalogue.ts';
import { folded, mentions, NamedTable, NamedTables } from '../named-tables.ts';

export interface MysqlColumn extends CatalogueColumn {
  definition: ColumnDefinition;
}

export type MysqlIndex = CatalogueIndex & { kind: IndexDefinition['kind'] };

export class MysqlTable extends NamedTable<MysqlColumn, MysqlIndex> {
  /** Names in capitals, as in `TableDefinition`. */
  readonly options = new Map<string, string>();
  partitioned = false;
  versioned = false;
  databaseCharset: string | undefined;

  get engine(): string {
    return (this.options.get('ENGINE') ?? 'INNODB').toUpperCase();
  }

  get rowFormat(): string {
    if (this.options.has('KEY_BLOCK_SIZE') && this.options.get('KEY_BLOCK_SIZE') !== '0') return 'COMPRESSED';
    return (this.options.get('ROW_FORMAT') ?? 'DYNAMIC').toUpperCase();
  }

  /** The table's own, else the database's; undefined where neither is known. */
  get charset(): string | undefined {
    const collation = this.options.get('COLLATE')?.toLowerCase().split('_')[0];
    return this.options.get('CHARACTER SET')?.toLowerCase() ?? collation ?? this.databaseCharset;
  }

  copy(): MysqlTable {
    return Object.assign(new MysqlTable(this.name, this.kind, this.known), {
      ...this,
      ...this.own(),
      options: new Map(this.options),
    });
  }

  column(name: string): MysqlColumn | undefined {
    return this.columns.get(name.toLowerCase());
  }

  get primaryKey(): readonly string[] | undefined {
    return [...this.indexes.values()].find(({ kind }) => kind === 'primary')?.columns;
  }

  hasIndex(kind: IndexDefinition['kind']): boolean {
    return [...this.indexes.values()].some((index) => index.kind === kind);
  }

  /** Indexes and keys that hold a column. */
  indexesWith(column: string): [string, MysqlIndex][] {
    return [...this.indexes].filter(([, { columns }]) => columns.includes(column.toLowerCase()));
  }

  /** Whether something is generated from a column. */
  generatedFrom(column: string): 'virtual' | 'stored' | undefined {
    const uses = [...this.columns.values()].filter(({ definition }) =>
      mentions(definition.expression, column),
    );
    if (uses.some(({ definition }) => definition.generated === 'stored')) return 'stored';
    return uses.length > 0 ? 'virtual' : undefined;
  }

  /** Whether a check of the table speaks of a column. */
  checkedBy(column: string): boolean {
    return [...this.constraints.values()].some(
      ({ kind, expression }) => kind === 'check' && mentions(expression, column),
    );
  }

  addColumn(definition: ColumnDefinition, place?: { first?: true; after?: string }): void {
    const key = definition.name.toLowerCase();
    const column: MysqlColumn = {
      type: typeText(definition.type),
      notNull: definition.notNull === true || definition.key === 'primary',
      definition,
      ...(definition.default === undefined ? {} : { default: definition.default }),
    };
    const entries = [...this.columns].filter(([name]) => name !== key);
    const after = place?.after?.toLowerCase();
    const at = place?.first
      ? 0
      : after === undefined
        ? entries.length
        : entries.findIndex(([n]) => n === after) + 1;
    entries.splice(at === 0 && !place?.first ? entries.length : at, 0, [key, column]);
    this.columns = new Map(entries);
    if (definition.key)
      this.addIndex({
        kind: definition.key,
        name: definition.key === 'primary' ? 'PRIMARY' : key,
        columns: [key],
      });
  }

  replaceColumn(from: string, definition: ColumnDefinition, place: { first?: true; after?: string }): void {
    const old = from.toLowerCase();
    if (old !== definition.name.toLowerCase()) this.renameColumn(from, definition.name);
    const before = [...this.columns.keys()];
    const index = before.indexOf(definition.name.toLowerCase());
    const keep = index > 0 ? { after: before[index - 1] ?? '' } : { first: true as const };
    this.addColumn(
      definition,
      place.first || place.after !== undefined ? place : index === -1 ? undefined : keep,
    );
  }

  renameColumn(from: string, to: string): void {
    const [old, now] = [from.toLowerCase(), to.toLowerCase()];
    this.columns = new Map(
      [...this.columns].map(([name, column]) =>
        name === old ? [now, { ...column, definition: { ...column.definition, name: to } }] : [name, column],
      ),
    );
    for (const [name, index] of this.indexes)
      this.indexes.set(name, {
        ...index,
        columns: index.columns.map((column) => (column === old ? now : column)),
      });
  }

  dropColumn(name: string): void {
    const key = name.toLowerCase();
    this.columns.delete(key);
    for (const [index, { columns, ...rest }] of [...this.indexes]) {
      const left = columns.filter((column) => column !== key);
      if (left.length === 0 && columns.length > 0) this.indexes.delete(index);
      else this.indexes.set(index, { ...rest, columns: left });
    }
  }

  addIndex({ kind, name, columns }: IndexDefinition): void {
    const keys = columns.map((column) => column.toLowerCase());
    let key = kind === 'primary' ? 'primary' : (name ?? keys[0] ?? 'index').toLowerCase();
    for (let n = 2; name === undefined && this.indexes.has(key); n++) key = `${keys[0]}_${n}`;
    const unique = kind === 'unique' || kind === 'primary';
    const method = kind === 'fulltext' || kind === 'spatial' ? kind : 'btree';
    this.indexes.set(key, {
      columns: keys,
      unique,
      valid: true,
      partial: columns.includes(''),
      method,
      kind,
    });
    if (kind !== 'primary' && kind !== 'unique') return;
    this.constraints.set(key, {
      kind: kind === 'primary' ? 'primary_key' : 'unique',
      columns: keys,
      valid: true,
    });
    if (kind !== 'primary') return;
    for (const column of keys) {
      const found = this.columns.get(column);
      if (found) found.notNull = true;
    }
  }

  dropIndex(name: string): void {
    this.indexes.delete(name.toLowerCase());
    this.constraints.delete(name.toLowerCase());
  }

  addForeignKey({ name, columns, references }: ForeignKey): void {
    const keys = columns.map((column) => column.toLowerCase());
    const key = (name ?? `${this.name}_ibfk_${this.constraints.size + 1}`).toLowerCase();
    this.constraints.set(key, { kind: 'foreign_key', columns: keys, references, valid: true });
    const covered = [...this.indexes.values()].some(({ columns: own }) =>
      keys.every((column, i) => own[i] === column),
    );
    if (!covered) this.addIndex({ kind: 'index', name: key, columns: keys });
  }

  addCheck(name: string | undefined, expression: string): void {
    const key = (name ?? `${this.name}_chk_${this.constraints.size + 1}`).toLowerCase();
    this.constraints.set(key, { kind: 'check', columns: [], valid: true, expression });
  }
}

export class MysqlCatalogue extends NamedTables<MysqlTable> {
  /** Set by CREATE or ALTER DATABASE: what tables without a character set of their own have. */
  charset: string | undefined;
  /** Set by SET FOREIGN_KEY_CHECKS = 0: keys are then added without a look at the rows. */
  foreignKeyChecks = true;

  /** One of its own: neither sees what becomes of the other. */
  copy(): MysqlCatalogue {
    const copy = new MysqlCatalogue();
    copy.charset = this.charset;
    copy.foreignKeyChecks = this.foreignKeyChecks;
    copy.copyTables(this);
    return copy;
  }

  protected unknown(name: string): MysqlTable {
    return new MysqlTable(name, 'table', false);
  }

  /** Tables whose foreign keys point at this one. */
  referencing(name: string): MysqlTable[] {
    return [...this.tables.values()].filter((table) =>
      [...table.constraints.values()].some(
        ({ references }) => references !== undefined && folded(references) === folded(name),
      ),
    );
  }
}

export function tableFrom(name: string, definition: TableDefinition): MysqlTable {
  const table = new MysqlTable(name, 'table', !definition.fromQuery && definition.like === undefined);
  for (const [option, value] of Object.entries(definition.options)) table.options.set(option, value);
  for (const column of definition.columns) table.addColumn(column);
  for (const index of definition.indexes) table.addIndex(index);
  for (const key of definition.foreignKeys) table.addForeignKey(key);
  for (const { name: check, expression } of definition.checks) table.addCheck(check, expression);
  table.partitioned = definition.partitioned;
  table.versioned = definition.options['SYSTEM VERSIONING'] !== undefined;
  return table;
}

/** A copy under another name, as CREATE TABLE … LIKE makes it: without foreign keys and rows. */
export function tableLike(name: string, of: MysqlTable): MysqlTable {
  const table = new MysqlTable(name, 'table', of.known);
  for (const [option, value] of of.options) table.options.set(option, value);
  for (const { definition } of of.columns.values()) table.addColumn(definition);
  for (const [index, { kind, columns }] of of.indexes)
    table.addIndex({ kind, name: index, columns: [...columns] });
  table.partitioned = of.partitioned;
  return table;
}

export function typeText({ base, args, unsigned }: ColumnType): string {
  return `${base}${args.length > 0 ? `(${args.join(',')})` : ''}${unsigned ? ' unsigned' : ''}`;
}
