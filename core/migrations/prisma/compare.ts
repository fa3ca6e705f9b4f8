/** What the models of `schema.prisma` say that the migrations beside them have not made, or have made otherwise. */
import type { Catalogue, CatalogueRelation } from '../../effects/catalogue.ts';
import type { PrismaSchema, PrismaTable } from './schema.ts';

export type PrismaDifferenceKind = 'table-missing' | 'column-missing' | 'column-left' | 'nullability';

export interface PrismaDifference {
  rule: 'prisma-schema-ahead';
  severity: 'info';
  kind: PrismaDifferenceKind;
  message: string;
  /** The file of the schema and the place in it, from 1. */
  path: string;
  line: number;
  /** The table's name in the database. */
  relation: string;
  column?: string;
}

/**
 * Only what is certain: no views, nothing that Prisma is told to ignore, no `Unsupported` columns, no tables that the
 * migrations only name, none that a statement speaks of that was not understood.
 * @param notUnderstood the texts of such statements
 */
export function comparePrisma(
  schema: PrismaSchema,
  catalogue: Catalogue,
  notUnderstood: readonly string[] = [],
): PrismaDifference[] {
  const relations = [...catalogue.relations()];
  const same = sameNames(schema.provider);
  const unsure = (name: string) =>
    notUnderstood.some((text) => text.toLowerCase().includes(name.toLowerCase()));
  return schema.tables
    .filter(({ ignored, name }) => !ignored && !unsure(name))
    .flatMap((table) => {
      const relation = relationOf(table, relations, same);
      if (!relation) return [missing(table)];
      const isTable = relation.kind === 'table' || relation.kind === 'partitioned_table';
      return relation.known && isTable ? ofColumns(table, relation, same) : [];
    });
}

/** By schema and name, else by the name alone where only one has it: the search path may be set elsewhere. */
function relationOf(
  { schema = 'public', name }: PrismaTable,
  relations: readonly CatalogueRelation[],
  same: SameNames,
): CatalogueRelation | undefined {
  const exact = relations.find((relation) => same(relation.name, `${schema}.${name}`));
  if (exact) return exact;
  const alike = relations.filter((relation) =>
    same(relation.name.slice(relation.name.indexOf('.') + 1), name),
  );
  return alike.length === 1 ? alike[0] : undefined;
}

function missing(table: PrismaTable): PrismaDifference {
  const what = table.model === undefined ? 'The relation' : `The model ${table.model}`;
  const message = `${what} needs the table ${table.name}, which the migrations do not make or have dropped.`;
  return { ...at(table, table.line), kind: 'table-missing', message };
}

function ofColumns(table: PrismaTable, relation: CatalogueRelation, same: SameNames): PrismaDifference[] {
  const differences: PrismaDifference[] = [];
  const primary = new Set(
    [...relation.constraints.values()]
      .filter(({ kind }) => kind === 'primary_key')
      .flatMap(({ columns }) => columns),
  );
  const made = [...relation.columns];
  for (const { name, line, optional, list, unmanaged } of table.columns) {
    if (unmanaged) continue;
    const found = made.find(([column]) => same(column, name));
    if (!found) {
      const message = `The migrations do not make the column ${table.name}.${name}, or have dropped it.`;
      differences.push({ ...at(table, line), kind: 'column-missing', message, column: name });
      continue;
    }
    const notNull = found[1].notNull || primary.has(found[0]);
    // Prisma writes no NOT NULL for lists.
    if (list || notNull !== optional) continue;
    const message = optional
      ? `The schema says that ${table.name}.${name} may be empty, the migrations that it is NOT NULL.`
      : `The schema says that ${table.name}.${name} is required, the migrations that it may be NULL.`;
    differences.push({ ...at(table, line), kind: 'nullability', message, column: name });
  }
  for (const [column] of made) {
    if (table.columns.some(({ name }) => same(column, name))) continue;
    const message = `The migrations make the column ${table.name}.${column}, which the schema does not have.`;
    differences.push({ ...at(table, table.line), kind: 'column-left', message, column });
  }
  return differences;
}

function at({ path, name }: PrismaTable, line: number) {
  return { rule: 'prisma-schema-ahead', severity: 'info', path, line, relation: name } as const;
}

type SameNames = (inCatalogue: string, inSchema: string) => boolean;

/** Prisma quotes names; catalogues of dialects that do not tell cases apart hold them in lower case. */
function sameNames(provider = ''): SameNames {
  if (/^postgres|^cockroach/.test(provider)) return (inCatalogue, inSchema) => inCatalogue === inSchema;
  return (inCatalogue, inSchema) => inCatalogue === inSchema || inCatalogue === inSchema.toLowerCase();
}
