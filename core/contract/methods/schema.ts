/** The schema as migrations made it, and how far a live database is from it. */
import Type from 'typebox';
import { SchemaSnapshot } from '../database-schema.ts';
import { Environment } from '../event.ts';
import { Count, closed, Name, optional, Text, Timestamp, Uuid } from '../schema.ts';
import { Moment, RenameHint, SchemaDifference, SchemaVersionInfo, whichHistory } from '../schema-version.ts';
import { changing, reading } from './method.ts';

const differing = {
  differences: Type.Array(SchemaDifference),
  renames: Type.Array(RenameHint),
  sql: optional(
    closed({
      steps: Type.Array(closed({ sql: Type.String(), alone: optional(Type.Literal(true)) })),
      left: Type.Array(Text, { description: 'what the statements do not do' }),
    }),
  ),
};
const withSql = optional(Type.Boolean({ description: 'with the statements; PostgreSQL only' }));

export const schemaMethods = {
  'schema.versions': reading(
    'The versions of a schema: one for each migration that was imported, newest first',
    '/api/schema/versions',
    closed({
      ...whichHistory,
      table: optional(Type.String({ minLength: 1, description: 'only versions that changed it' })),
      limit: optional(
        Type.Integer({ minimum: 1, maximum: 10_000, description: 'at most this many; 50 if not given' }),
      ),
    }),
    closed({ items: Type.Array(SchemaVersionInfo), total: Count }),
  ),
  'schema.get': reading(
    'The schema, or one table of it, as it was at a version, a migration or a time',
    '/api/schema/snapshot',
    closed({
      ...whichHistory,
      at: optional(Moment),
      table: optional(Type.String({ minLength: 1, description: '`public.users`' })),
    }),
    closed({ version: optional(SchemaVersionInfo), schema: SchemaSnapshot }),
  ),
  'schema.diff': reading(
    'What differs between two versions of a schema, what that means, and the SQL from one to the other',
    '/api/schema/diff',
    closed({ ...whichHistory, from: Moment, to: optional(Moment), sql: withSql }),
    closed({ from: optional(SchemaVersionInfo), to: optional(SchemaVersionInfo), ...differing }),
  ),
  'schema.drift': {
    ...changing(
      'admin',
      'Compare a live database with the newest version that its migrations give; reads only, and the address is not kept',
      '/api/schema/drift',
      closed({
        ...whichHistory,
        url: Type.String({
          minLength: 1,
          maxLength: 4_000,
          description: '`postgres://user:password@host/database`, `mysql://…` or `sqlite:PATH`',
        }),
        environment: optional(Environment),
        sql: withSql,
      }),
      closed({
        result: Type.Enum(['pass', 'warn', 'fail'], {
          description: '`warn`: exactly an older version, so migrations wait to be run',
        }),
        message: Text,
        database: Type.String({ description: '`host/database`, without user and password' }),
        environment: Environment,
        server: Name,
        checkedAt: Timestamp,
        version: SchemaVersionInfo,
        standsAt: optional(SchemaVersionInfo),
        waiting: optional(
          Type.Integer({ minimum: 0, description: 'migrations since the version it stands at' }),
        ),
        ...differing,
        leftOut: Type.Array(Text, { description: 'tables in which tools keep what they have run' }),
        eventId: Uuid,
      }),
    ),
    secret: ['url'],
  },
} as const;
