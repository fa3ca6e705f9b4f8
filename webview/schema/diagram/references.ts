/** Which tables refer to which, from a snapshot. */
import type { Relation, SchemaSnapshot } from '../../../core/contract/database-schema.ts';

export interface Entity {
  /** `public.users`. */
  name: string;
  /** Without the schema where that is the usual one. */
  label: string;
  /** Columns of its keys first, then the others. */
  columns: readonly { name: string; type: string; key: 'primary' | 'foreign' | undefined }[];
}

export interface Reference {
  from: string;
  to: string;
  /** Of the constraint. */
  name: string;
  /** Columns on the side of `from`. */
  columns: readonly string[];
}

export interface EntityGraph {
  entities: readonly Entity[];
  references: readonly Reference[];
}

/** `public.users`; in engines without schemas just the name. */
export function relationName({ schema, name }: Pick<Relation, 'schema' | 'name'>): string {
  return schema ? `${schema}.${name}` : name;
}

/** The tables and their foreign keys; partitions stand with their parent and are left out. */
export function entityGraph({ relations }: SchemaSnapshot): EntityGraph {
  const tables = relations.filter(
    ({ kind, partitionOf }) => (kind === 'table' || kind === 'partitioned_table') && !partitionOf,
  );
  const names = new Set(tables.map(relationName));
  const usual = mostFrequent(tables.map(({ schema }) => schema));
  const references = tables.flatMap((table) =>
    table.constraints.flatMap(({ type, definition, name }): Reference[] => {
      if (type !== 'foreign key') return [];
      const found = foreignKey(definition);
      const to = found && resolved(found.table, table, names);
      return to === undefined || !found
        ? []
        : [{ from: relationName(table), to, name, columns: found.columns }];
    }),
  );
  const entities = tables.map((table): Entity => {
    const from = relationName(table);
    const foreign = new Set(references.filter((one) => one.from === from).flatMap(({ columns }) => columns));
    const primary = new Set(
      table.constraints
        .filter(({ type }) => type === 'primary key')
        .flatMap(({ definition }) => listIn(definition)),
    );
    const keyOf = (name: string) =>
      primary.has(name) ? ('primary' as const) : foreign.has(name) ? ('foreign' as const) : undefined;
    const columns = table.columns.map(({ name, type }) => ({ name, type, key: keyOf(name) }));
    return {
      name: from,
      label: table.schema === usual ? table.name : from,
      columns: [...columns.filter(({ key }) => key), ...columns.filter(({ key }) => !key)],
    };
  });
  return { entities, references };
}

/** A table with those that it refers to and that refer to it, and all references between these. */
export function neighbourhood({ entities, references }: EntityGraph, table: string): EntityGraph {
  const near = new Set([table]);
  for (const { from, to } of references) {
    if (from === table) near.add(to);
    if (to === table) near.add(from);
  }
  return {
    entities: entities.filter(({ name }) => near.has(name)),
    references: references.filter(({ from, to }) => near.has(from) && near.has(to)),
  };
}

const NAME = '(?:"(?:[^"]|"")+"|`[^`]+`|[^\\s"`.(),]+)';
const REFERENCES = new RegExp(`\\bREFERENCES\\s+(${NAME}(?:\\.${NAME})?)`, 'i');

/** Reads a foreign key as engines print it: `FOREIGN KEY (a, b) REFERENCES public.users(id) ON DELETE CASCADE`. */
export function foreignKey(definition: string): { columns: string[]; table: string } | undefined {
  const table = REFERENCES.exec(definition)?.[1];
  if (table === undefined) return undefined;
  const parts = table.match(new RegExp(NAME, 'g')) ?? [];
  return { columns: listIn(definition), table: parts.map(unquoted).join('.') };
}

/** The names in the first parentheses. */
function listIn(definition: string): string[] {
  const inside = /\(([^)]*)\)/.exec(definition)?.[1] ?? '';
  return inside.split(',').map((part) => unquoted(part.trim()));
}

function unquoted(name: string): string {
  if (name.startsWith('"')) return name.slice(1, -1).replaceAll('""', '"');
  return name.startsWith('`') ? name.slice(1, -1) : name;
}

/** A name without a schema means the one of the table that refers, or the usual one. */
function resolved(name: string, { schema }: Relation, names: ReadonlySet<string>): string | undefined {
  if (names.has(name)) return name;
  return [`${schema}.${name}`, `public.${name}`].find((one) => names.has(one));
}

function mostFrequent(values: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
}
