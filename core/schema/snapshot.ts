/** A schema at one moment: what a comparator compares and a version is made from. */

export interface Column {
  name: string;
  type: string;
  nullable: boolean;
  /** Default, identity or generation expression, as the engine prints it. */
  expression: string | null;
}

/** Relations with columns: tables, views, materialised views, foreign and partitioned tables. */
export interface Relation {
  /** Schema-qualified. */
  name: string;
  kind: 'table' | 'partitioned_table' | 'view' | 'materialized_view' | 'foreign_table';
  columns: Column[];
  /** Name to definition, as the engine prints it. */
  constraints: Record<string, string>;
  indexes: Record<string, string>;
  triggers: Record<string, string>;
  policies: Record<string, string>;
  /** Text of a view; null for tables. */
  definition: string | null;
}

/** Everything that is no relation, by kind: name to definition. */
export interface SchemaSnapshot {
  relations: Relation[];
  enums: Record<string, string[]>;
  functions: Record<string, string>;
  sequences: Record<string, string>;
  extensions: Record<string, string>;
}

export const EMPTY_SCHEMA: SchemaSnapshot = {
  relations: [],
  enums: {},
  functions: {},
  sequences: {},
  extensions: {},
};

/** A text that is the same for equal schemas whatever order their parts come in; hash it to name a schema. */
export function canonicalText(snapshot: SchemaSnapshot): string {
  const relations = [...snapshot.relations].sort((a, b) => (a.name < b.name ? -1 : 1));
  return JSON.stringify(sortKeys({ ...snapshot, relations }));
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return Object.fromEntries(entries.map(([key, item]) => [key, sortKeys(item)]));
}
