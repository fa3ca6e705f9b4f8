/** What the API says about versions of a schema and the differences between them. */
import Type, { type Static } from 'typebox';
import { Count, closed, Name, optional, Text, Timestamp } from './schema.ts';

const Level = Type.Enum(['breaking', 'additive', 'patch']);

/** The schema after one migration of a history. */
export const SchemaVersionInfo = closed({
  workspace: Name,
  history: Type.String({ minLength: 1, maxLength: 4_000, description: 'folder of the migrations' }),
  dialect: Name,
  version: Type.String({
    description: '`major.minor.patch`: breaking, additive or other changes since the last',
  }),
  hash: Type.String({
    description: 'first 16 hex digits of the content hash; equal schemas have equal hashes',
  }),
  migration: Name,
  file: Text,
  at: Timestamp,
  succeeded: Type.Boolean({ description: 'whether all of the migration worked in the shadow database' }),
  changes: closed({ breaking: Count, additive: Count, patch: Count }),
  reasons: Type.Array(Text, {
    description: 'the differences that decided how the version moved, at most five',
  }),
});
export type SchemaVersionInfo = Static<typeof SchemaVersionInfo>;

export const SchemaDifference = closed({
  kind: Name,
  object: Text,
  relation: optional(Text),
  level: Level,
  consequence: Text,
  losesData: Type.Boolean(),
  lock: optional(Name),
  cost: optional(Type.Enum(['rewrite', 'scan'])),
  before: optional(Type.Unknown()),
  after: optional(Type.Unknown()),
});

export const RenameHint = closed({
  what: Type.Enum(['table', 'column', 'index', 'constraint']),
  from: Text,
  to: Text,
  likeness: Type.Number({ minimum: 0, maximum: 1, description: 'how much of the two is the same' }),
});

/** Which history: needed only where several were imported. */
export const whichHistory = { workspace: optional(Name), history: optional(Text) };

export const Moment = Type.String({
  minLength: 1,
  maxLength: 1_000,
  description:
    'a version (1.4.0), a migration’s name, a day or time (2025-03-01: as it stood at its end), a hash, `latest` or `empty`',
});
