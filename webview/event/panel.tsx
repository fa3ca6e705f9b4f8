import { useEffect, useRef } from 'preact/hooks';
import type { TelemetryEvent } from '../../core/contract/event.ts';
import { facetsOf } from '../../core/contract/facets.ts';
import { describe } from '../events/describe.ts';
import { EVENT_TYPE_NAMES, STATUS_NAMES } from '../format/names.ts';
import { dateTime } from '../format/time.ts';
import { Link } from '../routing/link.tsx';
import { href } from '../routing/router.ts';
import { useClient } from '../state/host.ts';
import { useQuery } from '../state/query.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { Icon } from '../ui/icon.tsx';
import { ScrollBox } from '../ui/scroll-box.tsx';
import { Failure, Loading } from '../ui/states.tsx';
import { Badge } from '../ui/status.tsx';
import { Wrapped } from '../ui/wrapped.tsx';
import './event.css';
import { Feedback } from './feedback.tsx';
import { Fields, MetadataFields } from './fields.tsx';
import { migrationOf, Predictions } from './predictions.tsx';
import { DatabaseProblem } from './problem.tsx';
import { related } from './related.ts';
import { Sql } from './sql.tsx';
import { Timeline } from './timeline.tsx';

interface EventPanelProps {
  id: string;
  /** The event, where a list has it already. */
  known: TelemetryEvent | undefined;
  onClose: () => void;
}

/** All that is known of one event: its fields, its SQL and error, what belongs to it, and what people said of it. */
export function EventPanel({ id, known, onClose }: EventPanelProps) {
  const client = useClient();
  const query = useQuery(id, async () => (known?.id === id ? known : client.call('events.get', { id })));
  const heading = useRef<HTMLHeadingElement>(null);
  const event = known?.id === id ? known : query.value?.id === id ? query.value : undefined;

  // Another event is another thing to read.
  useEffect(() => heading.current?.focus({ preventScroll: true }), [id, event === undefined]);

  return (
    <aside
      class="event-panel"
      aria-label="Event"
      onKeyDown={({ key }) => {
        if (key === 'Escape') onClose();
      }}
    >
      <header class="panel-head">
        <h2 ref={heading} tabIndex={-1}>
          {event ? <Wrapped name={describe(event).title} /> : 'Event'}
        </h2>
        <button type="button" class="button quiet icon-only" onClick={onClose} aria-label="Close the event">
          <Icon name="close" />
        </button>
      </header>
      {event ? (
        <EventDetails event={event} />
      ) : query.error && !query.loading ? (
        <Failure error={query.error} again={query.again} />
      ) : (
        <Loading lines={8} />
      )}
    </aside>
  );
}

function EventDetails({ event }: { event: TelemetryEvent }) {
  const client = useClient();
  const about = useQuery(event.id, () => related(client, event));
  const { status } = facetsOf(event);
  const { detail } = describe(event);
  const failed = about.value?.failedStatement;
  const migration = migrationOf(event);
  const { sql, error } = event.data as { sql?: unknown; error?: unknown };
  return (
    <div class="panel-body">
      <p class="panel-facts">
        <Badge tone={status}>{STATUS_NAMES[status]}</Badge> {EVENT_TYPE_NAMES[event.type]} ·{' '}
        {dateTime(event.timestamp)} UTC
      </p>
      {migration && (
        <p>
          <Link to={href(['migrations', migration], { in: event.metadata.workspace })} class="story-link">
            <Icon name="migrations" />
            <span>
              The story of <Wrapped name={migration} />
            </span>
          </Link>
        </p>
      )}
      {detail && error === undefined && <p class="panel-detail">{detail}</p>}
      {error !== undefined && <DatabaseProblem error={error} />}
      {typeof sql === 'string' && <Sql sql={sql} firstLine={lineOf(event)} error={error} />}
      {sql === undefined && failed && (
        <Sql
          title="The statement that failed"
          sql={String(failed.data.sql ?? '')}
          firstLine={lineOf(failed)}
          error={failed.data.error}
        />
      )}
      <Predictions event={event} about={about} />
      <Timeline event={event} query={about} />
      <Fields event={event} />
      <Feedback event={event} />
      <MetadataFields event={event} />
      <details class="raw">
        <summary>As JSON</summary>
        <CopyButton text={JSON.stringify(event, undefined, 2)} label="Copy the JSON" />
        <ScrollBox class="raw-text" label="The event as JSON">
          <pre>{JSON.stringify(event, undefined, 2)}</pre>
        </ScrollBox>
      </details>
    </div>
  );
}

/** Line in its file on which a statement begins. */
function lineOf(event: TelemetryEvent): number {
  const { line } = event.data as { line?: unknown };
  return typeof line === 'number' && line > 0 ? line : 1;
}
