import { useSignal } from '@preact/signals';
import { useCallback, useMemo, useState } from 'preact/hooks';
import type { TelemetryEvent } from '../../core/contract/event.ts';
import { EventPanel } from '../event/panel.tsx';
import { plural } from '../format/numbers.ts';
import { change, href, route } from '../routing/router.ts';
import { range, timeframeParams, workspace } from '../state/timeframe.ts';
import { HowToImport } from '../ui/how-to-import.tsx';
import { Empty, Failure, Loading } from '../ui/states.tsx';
import './events.css';
import { EvidenceBar, useEvidence } from './evidence.tsx';
import type { EventFeed } from './feed.ts';
import { filterOf, isTime } from './filter.ts';
import { Filters } from './filters.tsx';
import { Histogram, type InView } from './histogram.tsx';
import { EventList } from './list.tsx';
import { useFeed } from './use-feed.ts';

/** What happened: every event, newest first, with all that is known of the one that is chosen. */
export function EventsPage() {
  const { query } = route.value;
  const [live, setLive] = useState(true);
  const ranged = range.value;
  const inWorkspace = workspace.value;
  // Asked once for each choice: a list does not begin anew because an hour has passed.
  const timeframe = useMemo(() => timeframeParams(), [ranged, inWorkspace]);
  const filter = filterOf(query, timeframe);
  const at = isTime(query.at) ? query.at : undefined;
  const feed = useFeed(filter, at, live);
  const inView = useSignal<InView | undefined>(undefined);
  const evidence = useEvidence(query.evidence);
  const selected = query.event;
  const items = evidence ? (evidence.value?.events ?? []) : feed.items.value;
  const select = useCallback((event: TelemetryEvent) => change({ event: event.id }, true), []);

  return (
    <div class={`events ${selected ? 'with-panel' : ''}`}>
      {evidence && query.evidence ? (
        <EvidenceBar evidence={evidence} />
      ) : (
        <>
          <Filters live={live} onLive={setLive} />
          <Histogram filter={filter} inView={inView} />
        </>
      )}
      <div class="events-body">
        <div class="events-main">
          {evidence?.error ? (
            <Failure error={evidence.error} again={evidence.again} />
          ) : items.length > 0 ? (
            <EventList
              items={items}
              key={evidence ? query.evidence : feed.id}
              complete={evidence ? true : feed.complete.value}
              newest={evidence ? true : feed.newest.value}
              waiting={evidence ? 0 : feed.waiting.value}
              selected={selected}
              hrefOf={({ id }) => href(['events'], { ...query, event: id })}
              onSelect={select}
              onNearEnd={() => {
                if (!evidence && !feed.error.value) feed.more();
              }}
              onNearStart={() => {
                if (!evidence && !feed.error.value) feed.newer();
              }}
              onNewest={() => {
                if (at === undefined) feed.restart();
                else change({ at: undefined });
              }}
              onView={(first, last, atTop) => {
                feed.following = atTop;
                inView.value = first && last && { newest: first.timestamp, oldest: last.timestamp };
              }}
              footer={evidence ? '' : footerOf(feed)}
            />
          ) : (
            <Instead feed={feed} loading={evidence ? evidence.loading : feed.loading.value} />
          )}
          {!evidence && items.length > 0 && feed.error.value && (
            <Failure error={feed.error.value} again={() => feed.more()} />
          )}
        </div>
        {selected && (
          <EventPanel
            id={selected}
            known={items.find(({ id }) => id === selected)}
            onClose={() => {
              change({ event: undefined }, true);
              requestAnimationFrame(() =>
                document
                  .querySelector<HTMLElement>('.event-row[tabindex="0"]')
                  ?.focus({ preventScroll: true }),
              );
            }}
          />
        )}
      </div>
    </div>
  );
}

/** What stands where the list would be. */
function Instead({ feed, loading }: { feed: EventFeed; loading: boolean }) {
  const { query } = route.value;
  if (feed.error.value) return <Failure error={feed.error.value} again={() => feed.more()} />;
  if (loading || !feed.complete.value) return <Loading lines={12} label="Loading events" />;
  const narrowed = [
    'type',
    'status',
    'source',
    'text',
    'operation',
    'correlation',
    'from',
    'to',
    'at',
    'range',
    'workspace',
  ];
  const filtered = narrowed.some((name) => query[name]);
  return (
    <Empty title={filtered ? 'No event fits these filters' : 'No events are recorded yet'}>
      {filtered ? (
        <button
          type="button"
          class="button"
          onClick={() => change(Object.fromEntries(narrowed.map((name) => [name, undefined])))}
        >
          Clear all filters
        </button>
      ) : (
        <HowToImport />
      )}
    </Empty>
  );
}

function footerOf(feed: EventFeed): string {
  const shown = feed.items.value.length;
  if (feed.complete.value)
    return feed.newest.value ? `All ${plural(shown, 'event')}` : 'These are the oldest events';
  return feed.loading.value ? 'Loading more' : `${plural(shown, 'event')} so far`;
}
