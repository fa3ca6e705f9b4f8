import { useState } from 'preact/hooks';
import { isType, type TelemetryEvent } from '../../core/contract/event.ts';
import { facetsOf } from '../../core/contract/facets.ts';
import { describe, expectation, judgement } from '../events/describe.ts';
import { EVENT_TYPE_NAMES, modelName } from '../format/names.ts';
import { count, duration } from '../format/numbers.ts';
import { Link } from '../routing/link.tsx';
import { href, route } from '../routing/router.ts';
import type { Query } from '../state/query.ts';
import { Failure, Loading } from '../ui/states.tsx';
import { StatusIcon } from '../ui/status.tsx';
import { Wrapped } from '../ui/wrapped.tsx';
import type { Related } from './related.ts';

/** Long runs show this many at first. */
const SHOWN = 25;

/** What belongs together, from the prediction over the statements to the outcome and how right the prediction was. */
export function Timeline({ event, query }: { event: TelemetryEvent; query: Query<Related> }) {
  const [all, setAll] = useState(false);
  const { value, error, loading, again } = query;
  if (!value) return error && !loading ? <Failure error={error} again={again} /> : <Loading lines={4} />;
  const { events, more } = value;
  if (events.length < 2) return null;
  const { correlationId } = event.metadata;
  const shown = all ? events : around(events, event);
  return (
    <section class="panel-part" aria-label="What belongs to it">
      <h3>What belongs to it</h3>
      <ol class="timeline">
        {shown.map((one) => (
          <Step key={one.sequence} event={one} current={one.sequence === event.sequence} />
        ))}
      </ol>
      {shown.length < events.length && (
        <button type="button" class="button quiet more" onClick={() => setAll(true)}>
          Show all {count(events.length)}
        </button>
      )}
      {more && correlationId && (
        <Link to={href(['events'], { correlation: correlationId, type: 'all' })}>
          More than these: list them
        </Link>
      )}
    </section>
  );
}

function Step({ event, current }: { event: TelemetryEvent; current: boolean }) {
  const { status, durationMs } = facetsOf(event);
  const { head, text } = stepText(event);
  return (
    <li class={`step ${current ? 'step-current' : ''}`} aria-current={current ? 'true' : undefined}>
      <StatusIcon status={status} />
      <span class="step-body">
        <span class="step-head">
          {current ? (
            <Wrapped name={head} />
          ) : (
            <Link to={href(['events'], { ...route.value.query, event: event.id })}>
              <Wrapped name={head} />
            </Link>
          )}
        </span>
        <span class="step-text">
          <Wrapped name={text} />
        </span>
      </span>
      <span class="step-duration">{durationMs === undefined ? '' : duration(durationMs)}</span>
    </li>
  );
}

function stepText(event: TelemetryEvent): { head: string; text: string } {
  const { title, detail } = describe(event);
  const type = EVENT_TYPE_NAMES[event.type];
  if (isType(event, 'ai_prediction'))
    return { head: `${type}: ${modelName(event.data.modelId)}`, text: expectation(event.data) };
  if (isType(event, 'ai_accuracy'))
    return { head: `${type}: ${modelName(event.data.modelId)}`, text: judgement(event.data) };
  if (isType(event, 'schema_operation')) return { head: title, text: event.data.error?.message ?? '' };
  return { head: `${type}: ${title}`, text: detail };
}

/** The beginning and the end of a long run, and what is around the event itself. */
function around(events: readonly TelemetryEvent[], event: TelemetryEvent): readonly TelemetryEvent[] {
  if (events.length <= SHOWN) return events;
  const at = events.findIndex(({ sequence }) => sequence === event.sequence);
  return events.filter((one, i) => {
    const important = one.type !== 'schema_operation' || facetsOf(one).status === 'error';
    return important || Math.abs(i - at) <= 3 || i < SHOWN / 2;
  });
}
