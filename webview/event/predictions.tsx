import { type EventType, isType, type TelemetryEvent } from '../../core/contract/event.ts';
import { facetsOf } from '../../core/contract/facets.ts';
import type { PredictionRecord } from '../../core/contract/prediction.ts';
import { modelName, sentence, words } from '../format/names.ts';
import { duration, percent } from '../format/numbers.ts';
import { axisOf, Compared, comparison, saidOf } from '../migrations/compared.tsx';
import { Link } from '../routing/link.tsx';
import { href } from '../routing/router.ts';
import { useClient } from '../state/host.ts';
import { type Query, useQuery } from '../state/query.ts';
import { Loaded } from '../ui/loaded.tsx';
import type { Related } from './related.ts';

/** Of one run: the latest prediction of each model, which is what stood when it ran. */
const MOST = 4;
/** What predictions are about. */
const PREDICTED: ReadonlySet<EventType> = new Set(['migration_execution', 'schema_operation']);

/** What was predicted of an event, drawn beside what came of it; nothing where nothing was predicted. */
export function Predictions({ event, about }: { event: TelemetryEvent; about: Query<Related> }) {
  const ids = idsOf(event, about.value?.events ?? []);
  const { durationMs } = facetsOf(event);
  const took = PREDICTED.has(event.type) ? durationMs : undefined;
  return ids.length === 0 ? null : <Known ids={ids} took={took} />;
}

interface KnownProps {
  ids: readonly string[];
  /** What the event itself took, where it is what was predicted. */
  took: number | undefined;
}

function Known({ ids, took }: KnownProps) {
  const client = useClient();
  const query = useQuery(`predictions ${ids.join()}`, () =>
    Promise.all(ids.map((id) => client.call('predictions.get', { id }))),
  );
  return (
    <section class="panel-part" aria-label="Predicted and what came">
      <h3>Predicted and what came</h3>
      <Loaded query={query} lines={3}>
        {(records) => (
          <ul class="plain-list predicted-list">
            {records.map((record) => (
              <li key={record.id}>
                <Prediction record={record} took={record.outcome?.durationMs ?? took} />
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </section>
  );
}

function Prediction({ record, took }: { record: PredictionRecord; took: number | undefined }) {
  const { modelId, state, durationMs, failureProbability, outcome, accuracy, reasons } = record;
  const axis = durationMs && axisOf([durationMs.p10, durationMs.p90, took]);
  return (
    <>
      <p class="predicted-head">
        <Link to={href(['models', modelId])}>{modelName(modelId)}</Link>
        <span class="text-quiet">{accuracy === undefined ? '' : `${percent(accuracy)} right`}</span>
      </p>
      {state === 'abstained' && <p>It abstained: too little was known.</p>}
      {failureProbability !== undefined && (
        <p>
          {percent(failureProbability)} likely to fail;{' '}
          {outcome ? `it ${words(outcome.outcome)}` : 'not known yet what came'}.
        </p>
      )}
      {durationMs && (
        <>
          <p>
            {sentence(outcome && took === undefined ? saidOf(durationMs) : comparison(durationMs, took))}.
          </p>
          {axis && (
            <span class="predicted-axis" aria-hidden="true">
              <span>{duration(axis.min)}</span>
              <Compared axis={axis} interval={durationMs} actual={took} />
              <span>{duration(axis.max)}</span>
            </span>
          )}
        </>
      )}
      {reasons.length > 0 && <p class="text-quiet">{reasons.slice(0, 3).join('; ')}</p>}
    </>
  );
}

/** The prediction itself; the one that an accuracy is about; of a run the latest of each model about the same. */
function idsOf(event: TelemetryEvent, related: readonly TelemetryEvent[]): string[] {
  if (isType(event, 'ai_prediction')) return [event.id];
  if (isType(event, 'ai_accuracy')) return [event.data.predictionId];
  if (!PREDICTED.has(event.type)) return [];
  const latest = new Map<string, string>();
  for (const one of related) {
    if (!isType(one, 'ai_prediction') || !isAbout(one.data, event)) continue;
    latest.set(one.data.modelId, one.id);
  }
  return [...latest.values()].slice(0, MOST);
}

/** A statement is predicted by its line, a migration as a whole. */
function isAbout(
  { subjectType, line }: { subjectType?: string; line?: unknown },
  { type, data }: TelemetryEvent,
): boolean {
  if (type === 'migration_execution') return subjectType !== 'statement';
  return subjectType === 'statement' && line === (data as { line?: unknown }).line;
}

/** The migration that an event belongs to; undefined where it belongs to none. */
export function migrationOf(event: TelemetryEvent): string | undefined {
  const { migration, subject, subjectType } = event.data as Record<string, unknown>;
  if (typeof migration === 'string') return migration;
  return subjectType === 'migration' && typeof subject === 'string' ? subject : undefined;
}
