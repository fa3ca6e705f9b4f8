/** What the blocks of `schema.prisma` say of the database: tables, columns, keys, and the tables of implicit relations. */
import {
  type PrismaArgument,
  type PrismaAttribute,
  type PrismaBlock,
  type PrismaMember,
  type PrismaProblem,
  type PrismaValue,
  parsePrisma,
} from './parse.ts';

/** A file of the schema; the path is only passed on. */
export interface PrismaFile {
  path: string;
  text: string;
}

export interface PrismaColumn {
  /** In the database. */
  name: string;
  line: number;
  /** Prisma's word for it, or the name of an enum. */
  type: string;
  /** As `@db.…` says, for example `VarChar(20)`. */
  nativeType?: string;
  optional: boolean;
  list: boolean;
  default?: string;
  /** `Unsupported("…")` or `@ignore`: Prisma does not look after it. */
  unmanaged: boolean;
}

export interface PrismaKey {
  kind: 'primary_key' | 'unique' | 'index';
  columns: string[];
}

export interface PrismaForeignKey {
  columns: string[];
  /** Name of the table. */
  references: string;
  referencedColumns: string[];
}

export interface PrismaTable {
  /** In the database. */
  name: string;
  /** Of `@@schema`. */
  schema?: string;
  /** Name of the model; absent for the table of an implicit many-to-many relation. */
  model?: string;
  path: string;
  line: number;
  /** `@@ignore`: Prisma does not look after it. */
  ignored: boolean;
  columns: PrismaColumn[];
  keys: PrismaKey[];
  foreignKeys: PrismaForeignKey[];
}

export interface PrismaEnum {
  name: string;
  schema?: string;
  values: string[];
}

export interface PrismaSchema {
  /** `postgresql`, `mysql`, …; absent where no datasource names one. */
  provider?: string;
  tables: PrismaTable[];
  enums: PrismaEnum[];
}

export type ReadPrisma = { schema: PrismaSchema } | { problem: PrismaProblem & { path: string } };

const SCALARS = new Set([
  'String',
  'Boolean',
  'Int',
  'BigInt',
  'Float',
  'Decimal',
  'DateTime',
  'Json',
  'Bytes',
  'Unsupported',
]);

interface Placed extends PrismaBlock {
  path: string;
}

/** Reads all files of one schema together. Never throws. */
export function readPrisma(files: readonly PrismaFile[]): ReadPrisma {
  const blocks: Placed[] = [];
  for (const { path, text } of files) {
    const parsed = parsePrisma(text);
    if ('problem' in parsed) return { problem: { ...parsed.problem, path } };
    blocks.push(...parsed.blocks.map((block) => ({ ...block, path })));
  }
  const named = new Map(
    blocks.filter(({ keyword }) => keyword !== 'generator').map((one) => [one.name, one]),
  );
  const models = blocks.filter(({ keyword }) => keyword === 'model');
  for (const { name, members, path } of models) {
    for (const { type = '', line, name: field } of members) {
      if (SCALARS.has(type) || named.has(type)) continue;
      const message = `The field ${name}.${field} has the type ${type}, which is no model, enum or type of this schema.`;
      return { problem: { path, line, message } };
    }
  }
  const provider = blocks
    .find(({ keyword }) => keyword === 'datasource')
    ?.members.find(({ name }) => name === 'provider')?.value;
  return {
    schema: {
      ...(provider?.kind === 'text' ? { provider: provider.text } : {}),
      tables: [...models.map((model) => tableOf(model, named)), ...implicitTables(models)],
      enums: blocks.filter(({ keyword }) => keyword === 'enum').map(enumOf),
    },
  };
}

function tableOf(model: Placed, named: ReadonlyMap<string, Placed>): PrismaTable {
  const fields = model.members.filter(({ type = '' }) => isStored(type, named));
  const columnsOf = (names: readonly string[], of: PrismaBlock) =>
    names.map((name) => {
      const field = of.members.find((member) => member.name === name);
      return field ? nameOf(field) : name;
    });
  const ofFields = fields.flatMap((field): PrismaKey[] => {
    const columns = [nameOf(field)];
    if (has(field, 'id')) return [{ kind: 'primary_key', columns }];
    return has(field, 'unique') ? [{ kind: 'unique', columns }] : [];
  });
  const kinds = { id: 'primary_key', unique: 'unique', index: 'index' } as const;
  const ofModel = model.attributes.flatMap(({ name, args }): PrismaKey[] => {
    const kind = kinds[name as keyof typeof kinds];
    return kind ? [{ kind, columns: columnsOf(namesIn(argument(args, 'fields', 0)), model) }] : [];
  });
  const foreignKeys = model.members.flatMap(({ type = '', attributes }): PrismaForeignKey[] => {
    const args = attributes.find(({ name }) => name === 'relation')?.args ?? [];
    const target = named.get(type);
    const columns = namesIn(argument(args, 'fields'));
    if (!target || columns.length === 0) return [];
    const referencedColumns = columnsOf(namesIn(argument(args, 'references')), target);
    return [{ columns: columnsOf(columns, model), references: nameOf(target), referencedColumns }];
  });
  return {
    name: nameOf(model),
    ...schemaOf(model),
    model: model.name,
    path: model.path,
    line: model.line,
    ignored: has(model, 'ignore'),
    columns: fields.map(columnOf),
    keys: [...ofFields, ...ofModel],
    foreignKeys,
  };
}

function isStored(type: string, named: ReadonlyMap<string, Placed>): boolean {
  return SCALARS.has(type) || named.get(type)?.keyword === 'enum';
}

function columnOf(field: PrismaMember): PrismaColumn {
  const { line, type = '', optional, list, attributes } = field;
  const native = attributes.find(({ name }) => name.startsWith('db.'));
  const value = attributes.find(({ name }) => name === 'default')?.args[0]?.value;
  const inBrackets =
    native && native.args.length > 0 ? `(${native.args.map(({ value }) => written(value)).join(',')})` : '';
  return {
    name: nameOf(field),
    line,
    type,
    ...(native ? { nativeType: native.name.slice(3) + inBrackets } : {}),
    optional,
    list,
    ...(value ? { default: written(value) } : {}),
    unmanaged: type === 'Unsupported' || has(field, 'ignore'),
  };
}

/**
 * Two list fields that point at each other without `fields` have a table between them: `_` and the relation's name, or
 * the models' names in order with `To` between; its columns are A and B.
 */
function implicitTables(models: readonly Placed[]): PrismaTable[] {
  const tables = new Map<string, PrismaTable>();
  for (const model of models) {
    for (const field of model.members.filter(({ list }) => list)) {
      const other = models.find(({ name }) => name === field.type);
      const relation = relationName(field);
      const back = other?.members.filter(
        (member) => member.type === model.name && relationName(member) === relation,
      );
      if (!other || !back?.length || back.some(({ list }) => !list)) continue;
      const [first, second] = [model, other].sort((a, b) => (a.name < b.name ? -1 : 1)) as [Placed, Placed];
      const name = `_${relation ?? `${first.name}To${second.name}`}`;
      if (tables.has(name)) continue;
      const column = (letter: string): PrismaColumn => ({
        name: letter,
        line: field.line,
        type: '',
        optional: false,
        list: false,
        unmanaged: false,
      });
      const id = (of: Placed) => of.members.filter((member) => has(member, 'id')).map(nameOf);
      tables.set(name, {
        name,
        ...schemaOf(first),
        path: model.path,
        line: field.line,
        ignored: has(first, 'ignore') || has(second, 'ignore'),
        columns: [column('A'), column('B')],
        keys: [
          { kind: 'unique', columns: ['A', 'B'] },
          { kind: 'index', columns: ['B'] },
        ],
        foreignKeys: [
          { columns: ['A'], references: nameOf(first), referencedColumns: id(first) },
          { columns: ['B'], references: nameOf(second), referencedColumns: id(second) },
        ],
      });
    }
  }
  return [...tables.values()];
}

function relationName({ attributes }: PrismaMember): string | undefined {
  const value = argument(attributes.find(({ name }) => name === 'relation')?.args ?? [], 'name', 0);
  return value?.kind === 'text' ? value.text : undefined;
}

function enumOf(block: PrismaBlock): PrismaEnum {
  return { name: nameOf(block), ...schemaOf(block), values: block.members.map(nameOf) };
}

function schemaOf(block: PrismaBlock): { schema?: string } {
  const value = block.attributes.find(({ name }) => name === 'schema')?.args[0]?.value;
  return value?.kind === 'text' ? { schema: value.text } : {};
}

/** The name in the database: that of `@map` or `@@map`, else its own. */
function nameOf({ name, attributes }: { name: string; attributes: readonly PrismaAttribute[] }): string {
  const mapped = argument(attributes.find((one) => one.name === 'map')?.args ?? [], 'name', 0);
  return mapped?.kind === 'text' ? mapped.text : name;
}

function has({ attributes }: { attributes: readonly PrismaAttribute[] }, wanted: string): boolean {
  return attributes.some(({ name }) => name === wanted);
}

/** @param place where it stands when it is given without its name */
function argument(args: readonly PrismaArgument[], wanted: string, place?: number): PrismaValue | undefined {
  const byPlace = place === undefined ? undefined : args.filter(({ name }) => name === undefined)[place];
  return (args.find(({ name }) => name === wanted) ?? byPlace)?.value;
}

/** Fields in a list; those with a length or an order are written as calls. */
function namesIn(value: PrismaValue | undefined): string[] {
  if (value?.kind !== 'list') return value?.kind === 'name' ? [value.text] : [];
  return value.items.flatMap((item) => (item.kind === 'name' || item.kind === 'call' ? [item.text] : []));
}

function written(value: PrismaValue): string {
  if (value.kind === 'list') return `[${value.items.map(written).join(', ')}]`;
  if (value.kind === 'call')
    return `${value.text}(${value.args.map(({ value }) => written(value)).join(', ')})`;
  return value.kind === 'text' ? JSON.stringify(value.text) : value.text;
}
