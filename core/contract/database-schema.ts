/**
 * A database schema at one moment: what a snapshot holds, a comparator compares and a version is made from. Names are
 * as stored, not quoted; definitions are as the engine prints them with an empty search path, so every name in them is
 * qualified. What an engine does not have is absent.
 */
import Type, { type Static } from 'typebox';
import { closed, optional } from './schema.ts';

const Word = Type.String({ maxLength: 1_000 });
const Definition = Type.String({ description: 'as the engine prints it' });
const Flag = Type.Boolean();

/** What every object may have. */
const described = {
  comment: optional(Type.String()),
  grants: optional(
    Type.Array(Word, {
      description: '`SELECT TO reader`, where they are not the engine’s default; owners left out',
    }),
  ),
};

export const Column = closed({
  name: Word,
  type: Word,
  nullable: Flag,
  expression: optional(Type.String({ description: 'default, or the expression of a generated column' })),
  identity: optional(Type.Enum(['always', 'by default'])),
  identityOptions: optional(Word),
  generated: optional(Type.Enum(['stored', 'virtual'])),
  collation: optional(Word),
  inherited: optional(Flag),
  ...described,
});
export type Column = Static<typeof Column>;

export const Constraint = closed({
  name: Word,
  type: Type.Enum(['primary key', 'unique', 'foreign key', 'check', 'exclusion']),
  definition: Definition,
  validated: Flag,
  inherited: optional(Flag),
  comment: optional(Type.String()),
});
export type Constraint = Static<typeof Constraint>;

export const Index = closed({
  name: Word,
  definition: Definition,
  unique: Flag,
  valid: Flag,
  constraint: optional(Type.Boolean({ description: 'made by a constraint of the same name' })),
  comment: optional(Type.String()),
});
export type Index = Static<typeof Index>;

export const Trigger = closed({
  name: Word,
  definition: Definition,
  enabled: Type.Enum(['origin', 'disabled', 'replica', 'always']),
  comment: optional(Type.String()),
});
export type Trigger = Static<typeof Trigger>;

export const Policy = closed({
  name: Word,
  command: Type.Enum(['ALL', 'SELECT', 'INSERT', 'UPDATE', 'DELETE']),
  permissive: Flag,
  roles: Type.Array(Word),
  using: optional(Definition),
  check: optional(Definition),
  comment: optional(Type.String()),
});
export type Policy = Static<typeof Policy>;

/** A rule of a relation, or extended statistics on it. */
const Named = closed({ name: Word, definition: Definition });

/** Relations with columns. */
export const Relation = closed({
  kind: Type.Enum(['table', 'partitioned_table', 'view', 'materialized_view', 'foreign_table']),
  schema: Word,
  name: Word,
  columns: Type.Array(Column),
  constraints: Type.Array(Constraint),
  indexes: Type.Array(Index),
  triggers: Type.Array(Trigger),
  policies: Type.Array(Policy),
  rules: optional(Type.Array(Named)),
  statistics: optional(Type.Array(Named)),
  definition: optional(Type.String({ description: 'query of a view; the whole CREATE TABLE in SQLite' })),
  rowSecurity: optional(Type.Enum(['enabled', 'forced', 'forced but disabled'])),
  unlogged: optional(Flag),
  options: optional(Type.Array(Word)),
  partitionKey: optional(Definition),
  partitionOf: optional(closed({ schema: Word, name: Word, bound: Definition })),
  inherits: optional(Type.Array(Word)),
  server: optional(Word),
  ...described,
});
export type Relation = Static<typeof Relation>;

export const UserType = Type.Union([
  closed({ kind: Type.Literal('enum'), schema: Word, name: Word, labels: Type.Array(Word), ...described }),
  closed({
    kind: Type.Literal('domain'),
    schema: Word,
    name: Word,
    type: Word,
    nullable: Flag,
    expression: optional(Definition),
    collation: optional(Word),
    constraints: Type.Array(closed({ name: Word, definition: Definition, validated: Flag })),
    ...described,
  }),
  closed({
    kind: Type.Literal('composite'),
    schema: Word,
    name: Word,
    attributes: Type.Array(closed({ name: Word, type: Word, collation: optional(Word) })),
    ...described,
  }),
  closed({ kind: Type.Literal('range'), schema: Word, name: Word, subtype: Word, ...described }),
]);
export type UserType = Static<typeof UserType>;

export const Sequence = closed({
  schema: Word,
  name: Word,
  type: Word,
  start: Word,
  increment: Word,
  minimum: Word,
  maximum: Word,
  cache: Word,
  cycle: Flag,
  ownedBy: optional(closed({ schema: Word, table: Word, column: Word })),
  ...described,
});
export type Sequence = Static<typeof Sequence>;

export const Routine = closed({
  kind: Type.Enum(['function', 'procedure', 'aggregate', 'window']),
  schema: Word,
  name: Word,
  argumentTypes: Type.String({ description: 'of the input arguments; tells overloads apart' }),
  arguments: Definition,
  result: optional(Definition),
  language: Word,
  definition: Definition,
  ...described,
});
export type Routine = Static<typeof Routine>;

export const Namespace = closed({ name: Word, ...described });
export type Namespace = Static<typeof Namespace>;

/** Its version belongs to the server, not to the schema. */
export const Extension = closed({ name: Word, schema: Word });
export type Extension = Static<typeof Extension>;

export const SchemaSnapshot = closed({
  namespaces: Type.Array(Namespace),
  extensions: Type.Array(Extension),
  types: Type.Array(UserType),
  sequences: Type.Array(Sequence),
  routines: Type.Array(Routine),
  relations: Type.Array(Relation),
});
export type SchemaSnapshot = Static<typeof SchemaSnapshot>;
