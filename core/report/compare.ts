/** Two periods side by side: which figures differ by more than chance. */
import { benjaminiHochberg, fisher, mannWhitney, rateDifference } from '../analyse/significance.ts';
import type { EventType } from '../contract/event.ts';
import type { Params } from '../contract/methods.ts';
import type { Comparison } from '../contract/report-file.ts';
import { mean, median, significant } from '../numbers.ts';
import { type ColumnFilter, eachStretch } from '../store/aggregates.ts';
import { statusCode } from '../store/encode.ts';
import { eventsOfType } from '../store/event-queries.ts';
import type { EventReader } from '../store/event-reader.ts';

interface Counts {
  total: number;
  errors: number;
  durations: number[];
}

interface Figure extends Omit<Comparison, 'noteworthy' | 'change'> {
  p: number;
}

/** Durations looked at in each period: ranks of more would tell no more. */
const MOST_DURATIONS = 20_000;

/**
 * Counts are compared as rates over the length of each period, failures by Fisher's exact test, durations and accuracies
 * by the test of Mann and Whitney. Of the differences called noteworthy at most one in twenty is chance.
 */
export function comparePeriods(
  reader: EventReader,
  { from, to, compareFrom, compareTo, workspace }: Params<'reports.compare'>,
): Comparison[] {
  const where = workspace ? { workspace } : {};
  const now = { ...where, from, to };
  const before = { ...where, from: compareFrom, to: compareTo };
  const spans = [Date.parse(to) - Date.parse(from), Date.parse(compareTo) - Date.parse(compareFrom)] as const;
  const days = (span: number) => Math.max(span, 1) / 86_400_000;
  const figures: Figure[] = [];

  const rate = (name: string, type: EventType[] | undefined, better: Comparison['better']) => {
    const [a, b] = [countsOf(reader, now, type), countsOf(reader, before, type)];
    figures.push({
      name,
      unit: 'a day',
      better,
      now: significant(a.total / days(spans[0])),
      before: significant(b.total / days(spans[1])),
      p: rateDifference(a.total, days(spans[0]), b.total, days(spans[1])),
    });
    return [a, b] as const;
  };
  const failures = (name: string, [a, b]: readonly [Counts, Counts]) => {
    figures.push({
      name,
      unit: 'share',
      better: 'lower',
      ...(a.total > 0 ? { now: significant(a.errors / a.total) } : {}),
      ...(b.total > 0 ? { before: significant(b.errors / b.total) } : {}),
      p: a.total > 0 && b.total > 0 ? shareDifference(a, b) : 1,
    });
  };
  const samples = (name: string, unit: string, better: Comparison['better'], a: number[], b: number[]) => {
    const middle = unit === 'ms' ? median : mean;
    figures.push({
      name,
      unit,
      better,
      ...(a.length > 0 ? { now: significant(middle(a)) } : {}),
      ...(b.length > 0 ? { before: significant(middle(b)) } : {}),
      p: mannWhitney(a, b),
    });
  };

  rate('Events', undefined, 'neither');
  const migrations = rate('Migrations', ['migration_execution'], 'neither');
  failures('Failed migrations', migrations);
  samples('Duration of migrations', 'ms', 'lower', migrations[0].durations, migrations[1].durations);
  const statements = rate('Statements', ['schema_operation'], 'neither');
  failures('Failed statements', statements);
  samples('Duration of statements', 'ms', 'lower', statements[0].durations, statements[1].durations);
  rate('Errors', ['error_occurrence'], 'lower');
  rate('Security events', ['security_event'], 'neither');
  failures('Failed rule checks', rate('Rule checks', ['compliance_check'], 'neither'));
  rate('Feedback', ['learning_feedback'], 'higher');
  samples('Accuracy of predictions', 'share', 'higher', accuracies(reader, now), accuracies(reader, before));

  const noteworthy = benjaminiHochberg(figures.map(({ p }) => p));
  return figures
    .filter((figure) => figure.now || figure.before)
    .map(({ p: _, ...figure }) => ({
      ...figure,
      ...(figure.now !== undefined && figure.before
        ? { change: significant(figure.now / figure.before - 1) }
        : {}),
      noteworthy: noteworthy[figures.findIndex(({ name }) => name === figure.name)] ?? false,
    }));
}

/** Fisher's test sums over every table; with very many cases the normal approximation says the same. */
function shareDifference(a: Counts, b: Counts): number {
  if (a.total + b.total <= 20_000) return fisher(a.errors, a.total, b.errors, b.total);
  return rateDifference(a.errors, a.total, b.errors, b.total);
}

function countsOf(reader: EventReader, filter: ColumnFilter, type: EventType[] | undefined): Counts {
  const counts: Counts = { total: 0, errors: 0, durations: [] };
  const error = statusCode('error');
  eachStretch(reader, { ...filter, ...(type ? { type } : {}) }, ({ kind, duration }, from, to) => {
    counts.total += to - from;
    for (let row = from; row < to; row++) {
      if (((kind[row] as number) & 3) === error) counts.errors++;
      const took = duration[row] as number;
      if (!Number.isNaN(took) && counts.durations.length < MOST_DURATIONS) counts.durations.push(took);
    }
  });
  return counts;
}

function accuracies(reader: EventReader, filter: ColumnFilter): number[] {
  return eventsOfType(reader, 'ai_accuracy', filter).map(({ data }) => data.accuracy);
}
