/** The list of events that a statement of the analysis names. */
import type { Evidence } from '../../core/contract/analysis.ts';
import { TelemetryError } from '../../core/contract/errors.ts';
import type { TelemetryEvent } from '../../core/contract/event.ts';
import { filterHref, findingOf } from '../findings/evidence.ts';
import { count, plural } from '../format/numbers.ts';
import { Link } from '../routing/link.tsx';
import { href } from '../routing/router.ts';
import { useClient } from '../state/host.ts';
import { type Query, useQuery } from '../state/query.ts';
import { timeframeParams } from '../state/timeframe.ts';

interface NamedEvents {
  title: string;
  evidence: Evidence;
  events: readonly TelemetryEvent[];
}

/** The events behind `insight:<id>`; undefined where the address names none. */
export function useEvidence(reference: string | undefined): Query<NamedEvents> | undefined {
  const client = useClient();
  const params = timeframeParams();
  const load = async (): Promise<NamedEvents> => {
    if (reference === undefined) return { title: '', evidence: { events: [], count: 0 }, events: [] };
    const finding = findingOf(await client.call('analysis.run', params), reference);
    if (!finding) throw new TelemetryError('not-found', 'This is not in the latest analysis any more.');
    const events = await Promise.all(finding.evidence.events.map((id) => client.call('events.get', { id })));
    events.sort((a, b) => b.timestamp.localeCompare(a.timestamp) || b.sequence - a.sequence);
    return { ...finding, events };
  };
  const query = useQuery(JSON.stringify([reference, params]), load, true);
  return reference === undefined ? undefined : query;
}

/** Says what the listed events are evidence of; stands in the place of the filters. */
export function EvidenceBar({ evidence: { value } }: { evidence: Query<NamedEvents> }) {
  const { title = 'Evidence', events = [], evidence } = value ?? {};
  const total = evidence?.count ?? 0;
  return (
    <div class="filters evidence">
      <p>
        <strong>{title}</strong>{' '}
        <span class="text-quiet">
          {total > events.length
            ? `The latest ${count(events.length)} of ${plural(total, 'event')}`
            : plural(events.length, 'event')}
        </span>
      </p>
      {evidence?.filter && (
        <Link to={filterHref(evidence.filter)} class="button">
          All events with its filter
        </Link>
      )}
      <Link to={href(['events'])} class="button">
        Close
      </Link>
    </div>
  );
}
