import type { ReadonlySignal } from '@preact/signals';
import { useRef, useState } from 'preact/hooks';
import type { EventFilter } from '../../core/contract/methods.ts';
import { count, duration, plural } from '../format/numbers.ts';
import { dateTime } from '../format/time.ts';
import { change } from '../routing/router.ts';
import { useClient } from '../state/host.ts';
import { useQuery } from '../state/query.ts';
import { DataTable } from '../ui/data-table.tsx';
import { Icon } from '../ui/icon.tsx';
import {
  type Bucket,
  type Buckets,
  type Span,
  shareOf,
  spanAfterKey,
  spanOf,
  timeAt,
  totalOf,
} from './brush.ts';
import './histogram.css';

const BUCKETS = 120;
/** A pointer that moved less than this meant a place, not a range. */
const CLICK_PX = 4;
const STATES = ['error', 'warning', 'unknown', 'ok'] as const;

/** The times between which the list is. */
export interface InView {
  newest: string;
  oldest: string;
}

interface HistogramProps {
  filter: EventFilter;
  inView: ReadonlySignal<InView | undefined>;
}

/** Events over time by status. A drag, or the two ends by keyboard, narrows the list to a range; a click goes there. */
export function Histogram({ filter, inView }: HistogramProps) {
  const client = useClient();
  const params = { ...filter, buckets: BUCKETS };
  const query = useQuery(JSON.stringify(params), () => client.call('events.histogram', params));
  const [asTable, setAsTable] = useState(false);
  const { value, error, loading } = query;
  if (!value) {
    return (
      <section class="histogram" aria-label="Events over time">
        <p class="histogram-note">
          {error && !loading ? `The timeline is not there: ${error.message}` : 'Counting events'}
        </p>
      </section>
    );
  }
  const total = value.buckets.reduce((sum, bucket) => sum + totalOf(bucket), 0);
  // Without an event there is an axis only where one was chosen.
  const narrowed = filter.from !== undefined || filter.to !== undefined;
  const highest = Math.max(...value.buckets.map(totalOf));
  return (
    <section class={`histogram ${query.stale ? 'stale' : ''}`} aria-label="Events over time">
      <div class="histogram-head">
        <p>
          <strong>Events over time</strong>{' '}
          <span class="text-quiet">
            {query.stale ? 'counting anew' : plural(total, 'event')}
            {total > 0 && (
              <span class="histogram-unit">
                , each bar {duration(value.bucketMs)}, the highest {count(highest)}, UTC
              </span>
            )}
          </span>
        </p>
        <ZoomButtons buckets={value} narrowed={narrowed} />
        <button
          type="button"
          class="button quiet small"
          aria-label={`Show as ${asTable ? 'chart' : 'table'}: Events over time`}
          onClick={() => setAsTable(!asTable)}
        >
          <Icon name={asTable ? 'chart' : 'table'} />
        </button>
      </div>
      {asTable ? (
        <Table buckets={value} />
      ) : total === 0 && !narrowed ? null : (
        <Strip buckets={value} inView={inView} key={`${value.from} ${value.to}`} />
      )}
    </section>
  );
}

function ZoomButtons({ buckets, narrowed }: { buckets: Buckets; narrowed: boolean }) {
  if (!narrowed) return null;
  const length = buckets.bucketMs * buckets.buckets.length;
  return (
    <button
      type="button"
      class="button quiet small"
      onClick={() =>
        change({
          from: new Date(Date.parse(buckets.from) - length).toISOString(),
          to: new Date(Math.min(Date.parse(buckets.to) + length, Date.now())).toISOString(),
          at: undefined,
        })
      }
    >
      Zoom out
    </button>
  );
}

function Strip({ buckets, inView }: { buckets: Buckets; inView: ReadonlySignal<InView | undefined> }) {
  const strip = useRef<HTMLDivElement>(null);
  const drag = useRef<{ share: number; x: number } | undefined>(undefined);
  const all = buckets.buckets.length;
  const [span, setSpan] = useState<Span>();
  const [hovered, setHovered] = useState<number>();
  const chosen = span ?? { from: 0, to: all };
  const most = Math.max(1, ...buckets.buckets.map(totalOf));
  const shareAt = (event: PointerEvent) => {
    const { left, width } = strip.current?.getBoundingClientRect() ?? { left: 0, width: 1 };
    return Math.max(0, Math.min(1, (event.clientX - left) / width));
  };
  const choose = ({ from, to }: Span) =>
    change({ from: timeAt(buckets, from), to: timeAt(buckets, to), at: undefined });
  const keyOf = (end: 'from' | 'to') => (event: KeyboardEvent) => {
    if (event.key === 'Enter' && span) choose(span);
    if (event.key === 'Escape') setSpan(undefined);
    const next = spanAfterKey(chosen, end, event.key, all);
    if (!next) return;
    event.preventDefault();
    setSpan(next);
  };
  const under = hovered === undefined ? undefined : buckets.buckets[hovered];

  return (
    <>
      <div
        class="histogram-strip"
        ref={strip}
        onPointerDown={(event) => {
          if (event.button !== 0 || (event.target as Element).closest('.brush-end')) return;
          strip.current?.setPointerCapture(event.pointerId);
          drag.current = { share: shareAt(event), x: event.clientX };
        }}
        onPointerMove={(event) => {
          const share = shareAt(event);
          setHovered(Math.min(all - 1, Math.floor(share * all)));
          if (drag.current && Math.abs(event.clientX - drag.current.x) >= CLICK_PX)
            setSpan(spanOf(drag.current.share, share, all));
        }}
        onPointerUp={(event) => {
          const begun = drag.current;
          drag.current = undefined;
          if (!begun) return;
          if (Math.abs(event.clientX - begun.x) >= CLICK_PX) choose(spanOf(begun.share, shareAt(event), all));
          else change({ at: timeAt(buckets, Math.floor(begun.share * all) + 1) });
        }}
        onPointerCancel={() => {
          drag.current = undefined;
          setSpan(undefined);
        }}
        onPointerLeave={() => setHovered(undefined)}
      >
        <Bars buckets={buckets.buckets} most={most} />
        <Marker buckets={buckets} inView={inView} />
        {span && (
          <span
            class="brush"
            style={{ left: percentOf(span.from / all), width: percentOf((span.to - span.from) / all) }}
          />
        )}
        {(['from', 'to'] as const).map((end) => (
          <span
            key={end}
            class={`brush-end ${span ? 'brush-moved' : ''}`}
            role="slider"
            tabIndex={0}
            aria-label={end === 'from' ? 'Range begins' : 'Range ends'}
            aria-valuemin={0}
            aria-valuemax={all}
            aria-valuenow={chosen[end]}
            aria-valuetext={`${dateTime(timeAt(buckets, chosen[end]))} UTC${span ? ', Enter selects' : ''}`}
            style={{ left: percentOf(chosen[end] / all) }}
            onKeyDown={keyOf(end)}
          />
        ))}
      </div>
      <p class="histogram-axis" aria-hidden="true">
        <span>{dateTime(buckets.from).slice(0, 16)}</span>
        <span>{under ? bucketText(under) : 'Drag to narrow, click to go there'}</span>
        <span>{dateTime(buckets.to).slice(0, 16)}</span>
      </p>
    </>
  );
}

/** Errors at the bottom, where even a few can be seen. */
function Bars({ buckets, most }: { buckets: readonly Bucket[]; most: number }) {
  return (
    <svg
      viewBox={`0 0 ${buckets.length} 100`}
      preserveAspectRatio="none"
      role="img"
      aria-label="Events by status"
    >
      {STATES.map((state) => (
        <path key={state} class={`events-${state}`} d={pathOf(buckets, state, most)} />
      ))}
    </svg>
  );
}

/** All bars of a state as one shape: few elements, however many bars. */
function pathOf(buckets: readonly Bucket[], state: (typeof STATES)[number], most: number): string {
  let path = '';
  buckets.forEach((bucket, i) => {
    if (bucket[state] === 0) return;
    let below = 0;
    for (const other of STATES) {
      if (other === state) break;
      below += heightOf(bucket[other], most);
    }
    const height = heightOf(bucket[state], most);
    path += `M${i + 0.1} ${100 - below}h.8v${-height}h-.8z`;
  });
  return path;
}

/** What is there at all can be seen. */
function heightOf(events: number, most: number): number {
  return events === 0 ? 0 : Math.max(4, (events / most) * 92);
}

/** Where in time the list is. */
function Marker({ buckets, inView }: { buckets: Buckets; inView: ReadonlySignal<InView | undefined> }) {
  const { value } = inView;
  if (!value) return null;
  const left = shareOf(buckets, value.oldest);
  const right = shareOf(buckets, value.newest);
  if (left === undefined || right === undefined) return null;
  return (
    <span
      class="histogram-marker"
      style={{ left: `min(${percentOf(left)}, 100% - 6px)`, width: percentOf(right - left) }}
    />
  );
}

function Table({ buckets }: { buckets: Buckets }) {
  const rows = buckets.buckets.filter((bucket) => totalOf(bucket) > 0);
  return (
    <div class="histogram-table">
      <DataTable
        caption="Events over time"
        rows={rows}
        keyOf={({ at }) => at}
        columns={[
          { head: 'From (UTC)', cell: ({ at }) => dateTime(at) },
          { head: 'Events', cell: (bucket) => count(totalOf(bucket)), numeric: true },
          { head: 'Errors', cell: ({ error }) => count(error), numeric: true },
          { head: 'Warnings', cell: ({ warning }) => count(warning), numeric: true },
          { head: 'Unknown', cell: ({ unknown }) => count(unknown), numeric: true },
        ]}
      />
    </div>
  );
}

function bucketText(bucket: Bucket): string {
  const errors = bucket.error === 0 ? '' : `, ${plural(bucket.error, 'error')}`;
  return `${dateTime(bucket.at)}: ${plural(totalOf(bucket), 'event')}${errors}`;
}

function percentOf(share: number): string {
  return `${(share * 100).toFixed(3)}%`;
}
