/** How far people who judged the same events agree. */
import type { Agreement } from '../contract/prediction.ts';
import { significant } from '../numbers.ts';
import { getEvent } from '../store/event-queries.ts';
import type { EventReader } from '../store/event-reader.ts';
import type { Answer, Ledger } from './ledger.ts';

/** What several people said of one event: right or wrong. */
export interface JudgedEvent {
  eventId: string;
  title: string;
  answers: { user: string; right: boolean }[];
}

/** Of each person the latest answer that says right or wrong. */
export function verdicts(answers: readonly Answer[]): JudgedEvent['answers'] {
  const latest = new Map<string, boolean>();
  for (const { user, right } of answers) if (right !== undefined) latest.set(user, right);
  return [...latest].map(([user, right]) => ({ user, right }));
}

/** What people have judged, of one workspace or of all. */
export function judgedEvents(
  reader: EventReader,
  ledger: Ledger,
  workspace: string | undefined,
): JudgedEvent[] {
  return [...ledger.answered()].flatMap(([eventId]) => {
    const answers = verdicts(ledger.answers(eventId));
    const entry = ledger.entries.get(eventId);
    const event = entry ? undefined : getEvent(reader, eventId);
    if (workspace !== undefined && (entry?.workspace ?? event?.metadata.workspace) !== workspace) return [];
    const named = event?.data as { migration?: unknown; operation?: unknown } | undefined;
    const title = entry?.subject ?? String(named?.migration ?? named?.operation ?? event?.type);
    return answers.length === 0 ? [] : [{ eventId, title, answers }];
  });
}

/** @param events each with the answers of different people */
export function agreementOf(events: readonly JudgedEvent[]): Agreement {
  const people = new Set(events.flatMap(({ answers }) => answers.map(({ user }) => user)));
  const twice = events.filter(({ answers }) => answers.length >= 2);
  const disagreements = twice.filter(({ answers }) =>
    answers.some(({ right }) => right !== answers[0]?.right),
  );
  const kappa = fleissKappa(
    twice.map(({ answers }) => {
      const right = answers.filter((answer) => answer.right).length;
      return [right, answers.length - right];
    }),
  );
  return {
    people: people.size,
    judgedTwice: twice.length,
    agreed: twice.length - disagreements.length,
    ...(kappa === undefined ? {} : { kappa: significant(kappa) }),
    disagreements: disagreements.slice(-100),
  };
}

/**
 * Fleiss’ kappa (1971) over counts of answers by category for each event; events may have different numbers of answers,
 * at least two. Undefined without events, and where all answers are of one category: chance alone would agree too.
 */
export function fleissKappa(counts: readonly (readonly number[])[]): number | undefined {
  const categories = counts[0]?.length ?? 0;
  const total = sum(counts.map(sum));
  if (total === 0) return undefined;
  const shares = Array.from({ length: categories }, (_, k) => sum(counts.map((row) => row[k] ?? 0)) / total);
  const byChance = sum(shares.map((share) => share * share));
  if (byChance === 1) return undefined;
  const observed = counts.map((row) => {
    const raters = sum(row);
    return (sum(row.map((n) => n * n)) - raters) / (raters * (raters - 1));
  });
  return (sum(observed) / counts.length - byChance) / (1 - byChance);
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
