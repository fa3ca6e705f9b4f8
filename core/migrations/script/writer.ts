/** Writes the SQL that a schema builder would send, in the dialect of its database. */
import type { Dialect } from '../../contract/event.ts';

export interface Reference {
  table: string;
  column?: string | undefined;
  onDelete?: string | undefined;
  onUpdate?: string | undefined;
}

export interface ColumnSpec {
  name: string;
  /** As SQL. */
  type: string;
  notNull?: boolean;
  /** As SQL. */
  default?: string;
  primaryKey?: boolean;
  unique?: boolean;
  autoIncrement?: boolean;
  references?: Reference;
}

export class Writer {
  readonly dialect: Dialect;

  constructor(dialect: Dialect) {
    this.dialect = dialect;
  }

  /** `schema.table` or a name, in quotes. */
  name(name: string): string {
    const mark = this.dialect === 'mysql' ? '`' : '"';
    return name
      .split('.')
      .map((part) => `${mark}${part.replaceAll(mark, mark + mark)}${mark}`)
      .join('.');
  }

  names(names: readonly string[]): string {
    return names.map((name) => this.name(name)).join(', ');
  }

  literal(value: string | number | boolean | null): string {
    if (value === null) return 'NULL';
    if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`;
    if (typeof value === 'boolean' && this.dialect !== 'postgres') return value ? '1' : '0';
    return String(value);
  }

  column(
    column: ColumnSpec,
    inline: { references: boolean; unique: boolean } = { references: true, unique: true },
  ): string {
    const parts = [this.name(column.name), this.#type(column)];
    if (column.notNull) parts.push('NOT NULL');
    if (column.default !== undefined) parts.push(`DEFAULT ${column.default}`);
    if (column.primaryKey) parts.push('PRIMARY KEY');
    if (column.autoIncrement && this.dialect === 'mysql') parts.push('AUTO_INCREMENT');
    if (column.autoIncrement && this.dialect === 'sqlite' && column.primaryKey) parts.push('AUTOINCREMENT');
    if (column.unique && inline.unique) parts.push('UNIQUE');
    if (column.references && inline.references) parts.push(this.references(column.references));
    return parts.join(' ');
  }

  /** What counts up by itself has a type of its own in PostgreSQL, and must be INTEGER in SQLite. */
  #type({ type, autoIncrement }: ColumnSpec): string {
    if (!autoIncrement) return type;
    if (this.dialect === 'postgres')
      return { bigint: 'bigserial', smallint: 'smallserial' }[type.toLowerCase()] ?? 'serial';
    return this.dialect === 'sqlite' ? 'INTEGER' : type;
  }

  references({ table, column, onDelete, onUpdate }: Reference): string {
    const target = `REFERENCES ${this.name(table)}${column === undefined ? '' : ` (${this.name(column)})`}`;
    return [
      target,
      onDelete && `ON DELETE ${onDelete.toUpperCase()}`,
      onUpdate && `ON UPDATE ${onUpdate.toUpperCase()}`,
    ]
      .filter(Boolean)
      .join(' ');
  }

  alter(table: string, action: string): string {
    return `ALTER TABLE ${this.name(table)} ${action}`;
  }

  foreignKey(table: string, columns: readonly string[], reference: Reference, name?: string): string {
    const constraint = name === undefined ? '' : `CONSTRAINT ${this.name(name)} `;
    return this.alter(
      table,
      `ADD ${constraint}FOREIGN KEY (${this.names(columns)}) ${this.references(reference)}`,
    );
  }

  index(
    table: string,
    columns: readonly string[],
    options: { name: string; unique?: boolean; concurrently?: boolean; using?: string | undefined },
  ): string {
    const { name, unique, concurrently, using } = options;
    const words = [
      'CREATE',
      unique && 'UNIQUE',
      'INDEX',
      concurrently && this.dialect === 'postgres' && 'CONCURRENTLY',
      this.name(name),
    ];
    const method = using && this.dialect === 'postgres' ? ` USING ${using}` : '';
    return `${words.filter(Boolean).join(' ')} ON ${this.name(table)}${method} (${this.names(columns)})`;
  }

  dropIndex(table: string | undefined, name: string): string {
    return this.dialect === 'mysql' && table !== undefined
      ? `DROP INDEX ${this.name(name)} ON ${this.name(table)}`
      : `DROP INDEX ${this.name(name)}`;
  }

  /** Statements that give a column another type and nullability. */
  changeColumn(table: string, column: ColumnSpec): string[] {
    if (this.dialect === 'mysql') return [this.alter(table, `MODIFY ${this.column(column)}`)];
    const on = (action: string) => this.alter(table, `ALTER COLUMN ${this.name(column.name)} ${action}`);
    return [
      on(`TYPE ${column.type} USING ${this.name(column.name)}::${column.type}`),
      ...(column.notNull === undefined ? [] : [on(column.notNull ? 'SET NOT NULL' : 'DROP NOT NULL')]),
      ...(column.default === undefined ? [] : [on(`SET DEFAULT ${column.default}`)]),
    ];
  }
}
