/** What the watch answers: its series, one of them with its band, and which anomalies were alike. */
import type { Anomaly } from '../contract/analysis.ts';
import { TelemetryError } from '../contract/errors.ts';
import type { Params, Result } from '../contract/methods.ts';
import type { SeriesDetail } from '../contract/series.ts';
import { significant } from '../numbers.ts';
import { plural } from '../report/format.ts';
import { isInner, type SeriesSubject } from './samples.ts';
import { MOST_SERIES, type SeriesTable } from './series-table.ts';

const DEFAULT_LIMIT = 200;
const MOST_ALIKE = 3;
const LEAST_LIKENESS = 0.5;

/** Migrations and their statements first, the engine's own series last; of each those with the newest anomalies first. */
export function seriesList(
  table: SeriesTable,
  { workspace, text, from, to, limit }: Params<'series.list'>,
): Result<'series.list'> {
  const wanted = text?.toLowerCase();
  const items = table
    .all()
    .map((series) => {
      const anomalies = series.anomalies.filter(({ at }) => within(at, from, to));
      const info = { ...series.info, anomalies: anomalies.length };
      return { info, newest: anomalies.at(-1)?.at ?? '', rank: rankOf(series.subject) };
    })
    .filter(
      ({ info }) =>
        info.points > 0 &&
        (!workspace || !info.workspace || info.workspace === workspace) &&
        (!wanted || `${info.title} ${info.id}`.toLowerCase().includes(wanted)),
    )
    .sort((a, b) => a.rank - b.rank || compare(b.newest, a.newest) || b.info.points - a.info.points)
    .map(({ info }) => info)
    .slice(0, limit ?? DEFAULT_LIMIT);
  const note =
    table.letGo === 0
      ? undefined
      : `At most ${MOST_SERIES} series are watched; ${plural(table.letGo, 'series', 'series')} that had been quiet longest made room.`;
  return { items, ...(note ? { note } : {}) };
}

function rankOf({ source, type }: SeriesSubject): number {
  if (isInner(source)) return 2;
  return type === 'migration_execution' || type === 'schema_operation' ? 0 : 1;
}

/** @param idOf of the event with a sequence; undefined where it is gone */
export function seriesDetail(
  table: SeriesTable,
  { id, from, to }: Params<'series.get'>,
  idOf: (sequence: number) => string | undefined,
): SeriesDetail {
  const series = table.known(id);
  if (!series) throw new TelemetryError('not-found', `There is no series ${id}; it may have been let go.`);
  const anomalies = series.anomalies.filter(({ at }) => within(at, from, to));
  const others = table
    .all()
    .filter(({ subject }) => subject.kind === series.subject.kind)
    .flatMap((other) => other.anomalies);
  return {
    series: series.info,
    points: series.points
      .filter(({ at }) => within(at, from, to))
      .map(({ sequence, ...point }) => {
        const eventId = idOf(sequence);
        return { ...point, ...(eventId === undefined ? {} : { eventId }) };
      }),
    anomalies,
    verdicts: [...series.verdicts],
    similar: anomalies.flatMap((anomaly) => alike(anomaly, others)),
  };
}

/** Earlier anomalies of the same kind of series that deviated as far, in the same direction, best first. */
function alike(anomaly: Anomaly, others: readonly Anomaly[]): SeriesDetail['similar'] {
  return others
    .filter(({ id, at }) => id !== anomaly.id && at < anomaly.at)
    .map((other) => ({ other, likeness: likenessOf(anomaly, other) }))
    .filter(({ likeness }) => likeness >= LEAST_LIKENESS)
    .sort((a, b) => b.likeness - a.likeness)
    .slice(0, MOST_ALIKE)
    .map(({ other, likeness }) => ({
      anomalyId: other.id,
      likeThat: anomaly.id,
      likeness: significant(likeness),
      at: other.at,
      title: other.title,
    }));
}

/** 1 for the same series and the same ratio to what was expected; halved by a ratio of e, and by another series. */
function likenessOf(a: Anomaly, b: Anomaly): number {
  const distance = Math.abs(deviation(a) - deviation(b));
  return (a.series === b.series ? 1 : 0.75) / (1 + distance);
}

/** Logarithm of the value over the expected median; 0 where the logarithm has no meaning. */
function deviation({ value, expected: { median } }: Anomaly): number {
  return value > 0 && median > 0 ? Math.log(value / median) : Math.sign(value - median);
}

function within(at: string, from: string | undefined, to: string | undefined): boolean {
  const time = Date.parse(at);
  return (from === undefined || time >= Date.parse(from)) && (to === undefined || time < Date.parse(to));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
