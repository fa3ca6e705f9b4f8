/** Schemas for the pages: any number of tables in a few domains that refer to each other, and a history of versions. */
import type { Relation, SchemaSnapshot } from '../../core/contract/database-schema.ts';
import type { Result } from '../../core/contract/methods.ts';

const DOMAINS = ['order', 'customer', 'product', 'invoice', 'shipment', 'audit', 'campaign', 'stock'];
const PARTS = ['item', 'note', 'tag', 'event', 'address', 'price', 'status', 'file', 'rule', 'batch'];

/** `tables` tables; most refer to the first of their domain, some to another domain’s. */
export function schemaOf(tables: number): SchemaSnapshot {
  const relations = Array.from({ length: tables }, (_, i) => table(i));
  return {
    namespaces: [{ name: 'public' }],
    extensions: [],
    types: [],
    sequences: [],
    routines: [],
    relations,
  };
}

function nameAt(i: number): string {
  const domain = DOMAINS[i % DOMAINS.length] ?? 'order';
  const round = Math.floor(i / DOMAINS.length);
  if (round === 0) return `${domain}s`;
  const part = PARTS[(round - 1) % PARTS.length] ?? 'item';
  const again = Math.floor((round - 1) / PARTS.length);
  return `${domain}_${part}s${again > 0 ? `_${again + 1}` : ''}`;
}

function table(i: number): Relation {
  const domain = i % DOMAINS.length;
  const own = i >= DOMAINS.length && i % 11 !== 0 ? [nameAt(domain)] : [];
  const other = i % 7 === 3 ? [nameAt((domain + 1) % DOMAINS.length)] : [];
  const targets = [...new Set([...own, ...other])];
  const name = nameAt(i);
  const column = (of: string, type: string) => ({ name: of, type, nullable: false });
  return {
    kind: 'table',
    schema: 'public',
    name,
    columns: [
      column('id', 'bigint'),
      ...targets.map((target) => column(`${target}_id`, 'bigint')),
      column('name', 'text'),
      column('created_at', 'timestamp with time zone'),
      ...Array.from({ length: i % 9 }, (_, n) => column(`field_${n}`, 'integer')),
    ],
    constraints: [
      { name: `${name}_pkey`, type: 'primary key', definition: 'PRIMARY KEY (id)', validated: true },
      ...targets.map((target) => ({
        name: `${name}_${target}_fkey`,
        type: 'foreign key' as const,
        definition: `FOREIGN KEY (${target}_id) REFERENCES public.${target}(id) ON DELETE CASCADE`,
        validated: true,
      })),
    ],
    indexes: [
      {
        name: `${name}_name_idx`,
        definition: `CREATE INDEX ${name}_name_idx ON public.${name} USING btree (name)`,
        unique: false,
        valid: true,
      },
    ],
    triggers: [],
    policies: [],
  };
}

/** Newest first. */
export function versionsOf(count: number): Result<'schema.versions'> {
  const items = Array.from({ length: count }, (_, i) => ({
    workspace: 'shop~3fa2c1',
    history: 'db/migrations',
    dialect: 'postgres',
    version: i % 6 === 0 ? `${i / 6 + 1}.0.0` : `${Math.floor(i / 6) + 1}.${i % 6}.0`,
    hash: i.toString(16).padStart(16, '0'),
    migration: `${String(i + 1).padStart(4, '0')}_change_${i + 1}`,
    file: `db/migrations/${i + 1}.sql`,
    at: new Date(Date.UTC(2026, 0, 1 + i)).toISOString(),
    succeeded: i !== 4,
    changes:
      i % 6 === 0
        ? { breaking: 1, additive: 2, patch: 0 }
        : { breaking: 0, additive: i % 5 === 4 ? 0 : 1, patch: 1 },
    reasons:
      i % 6 === 0 ? ['column phone of public.customers was removed'] : ['index orders_name_idx was added'],
  }));
  return { items: items.reverse(), total: count };
}

export const DIFF: Result<'schema.diff'> = {
  differences: [
    {
      kind: 'column_removed',
      object: 'public.customers.phone',
      relation: 'public.customers',
      level: 'breaking',
      consequence: 'Code that reads or writes it fails.',
      losesData: true,
      lock: 'ACCESS EXCLUSIVE',
    },
    {
      kind: 'column_type_changed',
      object: 'public.orders.total',
      relation: 'public.orders',
      level: 'breaking',
      consequence: 'Values are converted; what does not fit fails.',
      losesData: false,
      lock: 'ACCESS EXCLUSIVE',
      cost: 'rewrite',
    },
    {
      kind: 'table_added',
      object: 'public.returns',
      relation: 'public.returns',
      level: 'additive',
      consequence: 'Nothing that is there changes.',
      losesData: false,
    },
  ],
  renames: [
    { what: 'column', from: 'public.customers.phone', to: 'public.customers.telephone', likeness: 0.8 },
  ],
  sql: {
    steps: [
      { sql: 'ALTER TABLE public.customers DROP COLUMN phone' },
      { sql: 'CREATE TABLE public.returns (\n  id bigint PRIMARY KEY\n)' },
    ],
    left: ['Rows of public.orders are not converted.'],
  },
};

/** A live database that has what {@link DIFF} names. */
export function driftOf(result: Result<'schema.drift'>['result']): Result<'schema.drift'> {
  const [version] = versionsOf(60).items;
  const [, standsAt] = versionsOf(60).items;
  if (!version || !standsAt) throw new Error('no version');
  const messages = {
    pass: `db.test/shop is what its migrations give: ${version.version}`,
    warn: `db.test/shop stands at ${standsAt.version}: 1 migration not run there yet`,
    fail: `db.test/shop differs from what its migrations give (${version.version}) in 3 places, 2 of them breaking`,
  };
  return {
    result,
    message: messages[result],
    database: 'db.test/shop',
    environment: 'staging',
    server: 'PostgreSQL 16.4',
    checkedAt: version.at,
    version,
    ...(result === 'warn' ? { standsAt, waiting: 1 } : {}),
    ...(result === 'pass' ? { differences: [], renames: [] } : DIFF),
    leftOut: ['public._prisma_migrations'],
    eventId: '018f0000-0000-7000-8000-00000000d41f',
  };
}
