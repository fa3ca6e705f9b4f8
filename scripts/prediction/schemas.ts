/** Schemas as applications have them: tables that point at each other, of a given size, width and number of indexes. */
import type { Random } from './populate.ts';
import { pickOf, shuffled } from './random.ts';

export interface MadeSchema {
  sql: string;
  /** Rows by table. */
  rows: Record<string, number>;
}

const DOMAINS = [
  ['users', 'orders', 'order_items'],
  ['accounts', 'invoices', 'payments'],
  ['projects', 'tasks', 'task_events'],
  ['authors', 'posts', 'comments'],
  ['teams', 'documents', 'revisions'],
  ['customers', 'tickets', 'messages'],
  ['devices', 'sensors', 'readings'],
  ['shops', 'products', 'stock_moves'],
] as const;

const COLUMNS: readonly [string, string][] = [
  ['email', 'text'],
  ['name', 'varchar(255)'],
  ['slug', 'text'],
  ['status', 'text'],
  ['kind', 'varchar(40)'],
  ['title', 'text'],
  ['body', 'text'],
  ['external_ref', 'text'],
  ['legacy_code', 'text'],
  ['amount', 'numeric(12,2)'],
  ['quantity', 'integer'],
  ['position', 'integer'],
  ['size_bytes', 'bigint'],
  ['score', 'double precision'],
  ['is_active', 'boolean'],
  ['settings', 'jsonb'],
  ['token', 'uuid'],
  ['owner_id', 'integer'],
  ['created_by', 'bigint'],
  ['created_at', 'timestamptz'],
  ['updated_at', 'timestamp'],
  ['due_on', 'date'],
  ['phone', 'varchar(32)'],
  ['country', 'varchar(80)'],
];

/** Three tables of one application; the last one has about `rows` rows, the others fewer. */
export function makeSchema(n: number, rows: number, random: Random): MadeSchema {
  const names = DOMAINS[n % DOMAINS.length] ?? DOMAINS[0];
  const key = pickOf(['bigint', 'integer', 'uuid'], random) ?? 'bigint';
  const statements: string[] = [];
  const sizes: Record<string, number> = {};
  names.forEach((name, level) => {
    const count = 4 + Math.floor(random() * (rows > 500_000 ? 6 : 12));
    const columns: (readonly [string, string])[] = shuffled(
      [...COLUMNS, ['assignee_id', key], ['origin_id', key], ['approved_by', key]] as const,
      random,
    ).slice(0, count);
    const parent = level > 0 ? names[level - 1] : undefined;
    const lines = [
      `id ${key} PRIMARY KEY`,
      ...(parent
        ? [
            `${parent.replace(/s$/, '')}_id ${key}${random() < 0.6 ? ' NOT NULL' : ''} REFERENCES ${parent} (id)`,
          ]
        : []),
      ...columns.map(([column, type]) => `${column} ${type}${random() < 0.35 ? ' NOT NULL' : ''}`),
    ];
    statements.push(`CREATE TABLE ${name} (\n  ${lines.join(',\n  ')}\n)`);
    const indexed = shuffled(columns, random).slice(0, Math.floor(random() ** 2 * 6));
    for (const [column, type] of indexed)
      statements.push(
        `CREATE INDEX ${name}_${column} ON ${name} ${type === 'jsonb' ? 'USING gin ' : ''}(${column})`,
      );
    const share = [0.03 + 0.07 * random(), 0.2 + 0.3 * random(), 1][level] ?? 1;
    sizes[`public.${name}`] = Math.max(20, Math.round(rows * share * (0.6 + 0.8 * random())));
  });
  return { sql: `${statements.join(';\n')};\n`, rows: sizes };
}
