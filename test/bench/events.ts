/** Events for measuring: seeded, about 500 bytes of JSON each, spread evenly over seven days. */
import type { EventInput, EventMetadata } from '../../core/contract/event.ts';
import { seededRandom } from '../../core/numbers.ts';

export const DAY_MS = 86_400_000;
export const FIRST_MS = Date.UTC(2026, 10, 1);
export const SPAN_MS = 7 * DAY_MS;

const TYPES = ['schema_operation', 'migration_execution', 'performance_metric', 'error_occurrence'] as const;
const OPERATIONS = [
  'create_table',
  'drop_table',
  'rename_table',
  'add_column',
  'drop_column',
  'rename_column',
  'alter_type',
  'set_not_null',
  'drop_not_null',
  'set_default',
  'drop_default',
  'create_index',
  'drop_index',
  'reindex',
  'add_primary_key',
  'add_foreign_key',
  'add_unique',
  'add_check',
  'validate_constraint',
  'drop_constraint',
  'create_view',
  'drop_view',
  'create_function',
  'drop_function',
  'create_trigger',
  'drop_trigger',
  'create_type',
  'add_enum_value',
  'create_extension',
  'grant',
  'revoke',
  'insert',
  'update',
  'delete',
  'comment',
  'vacuum',
];
const MESSAGES = Array.from(
  { length: 40 },
  (_, i) => `column "value_${i}" of relation "orders" contains null values`,
);

/** A complete event, as the store takes it. */
export interface BenchEvent extends EventInput {
  id: string;
  timestamp: string;
  metadata: EventMetadata;
}

/** Event `n` of `total`: the same for the same `seed`. */
export function benchEvent(n: number, total: number, seed = 1): BenchEvent {
  const random = seededRandom(seed * 1_000_003 + n);
  const at = FIRST_MS + Math.floor((SPAN_MS * n) / total);
  const type = TYPES[Math.min(3, Math.floor(random() ** 2 * 4))] ?? 'schema_operation';
  const operation = OPERATIONS[Math.floor(random() ** 2 * OPERATIONS.length)] ?? '';
  const durationMs = Math.round(Math.exp(2 + random() * 3 + (random() < 0.01 ? 3 : 0)) * 100) / 100;
  const failed = random() < 0.03;
  const message = MESSAGES[Math.floor(random() ** 2 * MESSAGES.length)] ?? '';
  return {
    id: uuid(at, random),
    timestamp: new Date(at).toISOString(),
    type,
    source: `bench:${Math.floor(random() * 8)}`,
    data: dataOf(type, { operation, durationMs, failed, message, random }) as EventInput['data'],
    metadata: {
      correlationId: `run-${Math.floor(n / 10)}-${seed}`,
      sessionId: `session-${Math.floor(random() ** 2 * 2_000)}`,
      workspace: `workspace-${Math.floor(random() * 20)}`,
      user: `u-${Math.floor(random() * 50)}`,
    },
  };
}

interface Values {
  operation: string;
  durationMs: number;
  failed: boolean;
  message: string;
  random: () => number;
}

function dataOf(type: (typeof TYPES)[number], values: Values): Record<string, unknown> {
  const { operation, durationMs, failed, message, random } = values;
  const table = `public.orders_${Math.floor(random() * 200)}`;
  const sql = `ALTER TABLE ${table} ADD COLUMN note_${Math.floor(random() * 1e6)} text NOT NULL`;
  const common = { dialect: 'postgres', environment: 'development', durationMs, sql, objects: [table] };
  const ended = {
    outcome: failed ? 'failed' : 'succeeded',
    ...(failed ? { error: { message, sqlState: '23502' } } : {}),
  };
  if (type === 'schema_operation')
    return { operation, line: Math.floor(random() * 400), ...common, ...ended };
  if (type === 'migration_execution')
    return {
      migration: `20261101_${Math.floor(random() * 500)}`,
      tool: operation,
      tables: [table],
      ...common,
      ...ended,
    };
  if (type === 'performance_metric') return { operation, success: !failed, component: 'bench', ...common };
  return { message, code: operation, severity: failed ? 'error' : 'warning', ...common };
}

/** A UUIDv7 from seeded numbers. */
function uuid(at: number, random: () => number): string {
  const hex = (bits: number) =>
    Math.floor(random() * 2 ** bits)
      .toString(16)
      .padStart(bits / 4, '0');
  const time = at.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(12)}-8${hex(12)}-${hex(24)}${hex(24)}`;
}

/** Bodies as a client sends them: JSON arrays of `batch` events. */
export function benchBodies(count: number, batch: number, seed: number, total = count): Uint8Array[] {
  const bodies: Uint8Array[] = [];
  for (let n = 0; n < count; n += batch) {
    const events = Array.from({ length: Math.min(batch, count - n) }, (_, i) =>
      benchEvent(n + i, total, seed),
    );
    bodies.push(Buffer.from(JSON.stringify(events)));
  }
  return bodies;
}
