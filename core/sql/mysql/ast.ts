/** What the definitions of MySQL and MariaDB say, as far as their effects depend on it. */

export interface ColumnType {
  /** Lower case, without synonyms: `int`, `varchar`, `enum`. */
  base: string;
  /** What stands in the brackets: a length, a precision, the members. */
  args: string[];
  unsigned: boolean;
  charset?: string | undefined;
  collation?: string | undefined;
}

export interface ColumnDefinition {
  name: string;
  type: ColumnType;
  /** Undefined where neither NULL nor NOT NULL is said. */
  notNull?: boolean;
  /** SQL of the default. */
  default?: string;
  onUpdate?: string;
  autoIncrement: boolean;
  key?: 'primary' | 'unique';
  generated?: 'virtual' | 'stored';
  /** SQL of what it is generated from. */
  expression?: string;
  comment?: string;
  check: boolean;
  /** Table that it references; MySQL reads that and forgets it, MariaDB keeps it. */
  references?: string;
}

export type Position = { after?: string; first?: true };

export interface IndexDefinition {
  kind: 'index' | 'unique' | 'primary' | 'fulltext' | 'spatial';
  name?: string;
  /** Empty where an expression stands. */
  columns: string[];
}

export interface ForeignKey {
  name?: string;
  columns: string[];
  references: string;
  referencedColumns: string[];
}

export type AlterAction =
  | { action: 'add_column'; column: ColumnDefinition; position: Position; ifNotExists: boolean }
  | { action: 'drop_column'; name: string; ifExists: boolean }
  | { action: 'modify_column'; from: string; column: ColumnDefinition; position: Position }
  | { action: 'rename_column'; from: string; to: string }
  | { action: 'set_default' | 'drop_default' | 'column_visibility'; name: string }
  | { action: 'add_index'; index: IndexDefinition; ifNotExists: boolean }
  | { action: 'drop_index'; name: string }
  | { action: 'drop_primary_key' }
  | { action: 'rename_index' | 'index_visibility'; name: string }
  | { action: 'add_foreign_key'; key: ForeignKey; ifNotExists: boolean }
  | { action: 'drop_foreign_key'; name: string }
  | { action: 'add_check'; name?: string; expression: string; enforced: boolean }
  | { action: 'alter_check' | 'drop_check' | 'drop_constraint'; name: string }
  | { action: 'rename_table'; to: string }
  | { action: 'convert_charset'; charset: string; collation?: string }
  | { action: 'option'; name: string; value: string }
  | {
      action:
        | 'order_by'
        | 'force'
        | 'disable_keys'
        | 'enable_keys'
        | 'tablespace'
        | 'system_versioning'
        | 'period';
    }
  | { action: 'partition'; what: string; names: string[]; other?: string };

export interface Online {
  /** As the statement asks for it, in capitals. */
  algorithm?: string;
  lock?: string;
}

export interface TableDefinition {
  columns: ColumnDefinition[];
  indexes: IndexDefinition[];
  foreignKeys: ForeignKey[];
  checks: { name?: string; expression: string }[];
  /** Names in capitals: `ENGINE`, `ROW_FORMAT`. */
  options: Record<string, string>;
  partitioned: boolean;
  like?: string;
  /** Made from a query. */
  fromQuery: boolean;
}

export type MysqlStatement =
  | { kind: 'alter_table'; table: string; actions: AlterAction[]; online: Online; ignore: boolean }
  | {
      kind: 'create_table';
      table: string;
      temporary: boolean;
      orReplace: boolean;
      ifNotExists: boolean;
      definition: TableDefinition;
    }
  | { kind: 'create_index'; table: string; index: IndexDefinition; online: Online }
  | { kind: 'drop_index'; table: string; name: string; online: Online }
  | { kind: 'drop_table'; tables: string[]; temporary: boolean }
  | { kind: 'rename_table'; pairs: { from: string; to: string }[] }
  | { kind: 'truncate'; table: string }
  | { kind: 'maintain'; verb: 'optimize' | 'analyze' | 'check' | 'repair' | 'flush'; tables: string[] }
  | { kind: 'lock_tables'; tables: { name: string; write: boolean }[] }
  | { kind: 'view'; verb: 'create' | 'alter' | 'drop'; names: string[]; reads: string[] }
  | { kind: 'trigger'; verb: 'create' | 'drop'; name: string; table?: string }
  | {
      kind: 'rows';
      verb: 'insert' | 'replace' | 'update' | 'delete' | 'select' | 'load';
      writes: string[];
      reads: string[];
      everyRow: boolean;
    }
  /** Anything else, by its first words. `looksInside`: it holds statements that are not looked into. */
  | { kind: 'other'; verb: string; noun: string; name?: string; looksInside: boolean };
