/** Rules that read the statements: data loss, protected tables, lock_timeout. */
import type { Statement } from '../../sql/statement.ts';
import type { Rule } from '../judged.ts';
import { matchesAny } from '../patterns.ts';

const HOW_TO_APPROVE = (rule: string) =>
  `approve it in a comment above: aibos:approve ${rule} by NAME until YYYY-MM-DD: REASON`;

export const destructiveChange: Rule = ({ statements }) =>
  statements.flatMap(({ operations, line }) =>
    operations
      .filter(({ destructive }) => destructive)
      .map(({ name, objects }) => ({
        message: `${words(name)}${objects[0] ? ` on ${objects[0]}` : ''} loses data; keep a copy, or ${HOW_TO_APPROVE('destructive-change')}.`,
        object: objects[0],
        line,
      })),
  );

/** Rows may be written; what a protected table is may not be changed. */
const WRITES = /^(?:insert|update|delete|select|merge|copy|analyze|comment_on)/;

export const protectedTable: Rule = ({ statements }, { protectedTables }) => {
  const made = new Set(
    statements.flatMap(({ operations }) =>
      operations.filter(({ name }) => name === 'create_table').flatMap(({ objects }) => objects),
    ),
  );
  return statements.flatMap(({ operations, line }) =>
    operations
      .filter(({ name }) => !WRITES.test(name))
      .flatMap(({ name, objects }) =>
        objects
          .filter((object) => matchesAny(protectedTables, object) && !made.has(object))
          .map((object) => ({
            message: `${object} is a protected table: ${words(name)} needs an approval; ${HOW_TO_APPROVE('protected-table')}.`,
            object,
            line,
          })),
      ),
  );
};

const SETS_TIMEOUT = /^set\s+(?:local\s+|session\s+)?lock_timeout\s*(?:=|\bto\b)\s*'?\s*(\d+)\s*(ms|s|min)?/i;
const UNITS: Record<string, number> = { ms: 1, s: 1_000, min: 60_000 };

export const lockTimeout: Rule = ({ statements }, { lockTimeout: wanted }) => {
  const max = wanted && milliseconds(/^(\d+)\s*(ms|s|min)$/.exec(wanted.max));
  const made = new Set<string>();
  let timeout = 0;
  for (const statement of statements) {
    const set = SETS_TIMEOUT.exec(statement.text);
    if (set) timeout = milliseconds(set) ?? 0;
    for (const { name, objects } of statement.operations) {
      if (/^create_(?:table|partition)/.test(name)) for (const object of objects) made.add(object);
    }
    const locked = locksExisting(statement, made);
    if (locked === undefined || (timeout > 0 && (max === undefined || timeout <= max))) continue;
    const advice = `SET lock_timeout = '${wanted?.max ?? '5s'}' before it`;
    const why =
      timeout === 0
        ? `waits for its lock on ${locked} without a limit, and everybody queues behind it`
        : `may wait ${timeout} ms for its lock on ${locked}, more than ${wanted?.max}`;
    return [
      {
        message: `${words(statement.operations[0]?.name ?? 'the statement')} ${why}; put ${advice}.`,
        object: locked,
        line: statement.line,
      },
    ];
  }
  return [];
};

/** The first relation, made before this migration, that a statement takes a strong lock on. */
function locksExisting({ kind, operations }: Statement, made: ReadonlySet<string>): string | undefined {
  if (
    kind !== 'AlterTable' &&
    kind !== 'Drop' &&
    kind !== 'Index' &&
    kind !== 'Rename' &&
    kind !== 'Truncate'
  )
    return undefined;
  return operations
    .filter(
      ({ name }) =>
        !name.endsWith('_concurrently') && !/_(?:type|function|extension|schema|domain)$/.test(name),
    )
    .flatMap(({ objects }) => objects)
    .find((object) => !made.has(object));
}

function milliseconds(match: RegExpExecArray | null): number | undefined {
  return match ? Number(match[1]) * (UNITS[match[2] ?? 'ms'] ?? 1) : undefined;
}

function words(name: string): string {
  return name.replaceAll('_', ' ');
}
