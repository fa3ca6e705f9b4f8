import type { SeriesInfo } from '../../core/contract/series.ts';
import { workspaceName } from '../format/names.ts';
import { withUnit } from '../format/numbers.ts';
import { ago } from '../format/time.ts';
import { Link } from '../routing/link.tsx';
import { change, go, href, route } from '../routing/router.ts';
import { useShortcuts } from '../shortcuts/registry.ts';
import { useClient } from '../state/host.ts';
import { useQuery } from '../state/query.ts';
import { timeframeParams } from '../state/timeframe.ts';
import { Loaded } from '../ui/loaded.tsx';
import { SearchField } from '../ui/search-field.tsx';
import { Empty } from '../ui/states.tsx';
import './anomalies.css';
import { SeriesView } from './series.tsx';

/** More would be a wall: then the search narrows it. */
const MOST = 200;

/** The series that are watched at the side, the chosen one, or else the one with most to look at, beside it. */
export function AnomaliesPages({ detail }: { detail: string | undefined }) {
  const client = useClient();
  const { text } = route.value.query;
  const params = { ...timeframeParams(), limit: MOST, ...(text ? { text } : {}) };
  const query = useQuery(JSON.stringify(params), () => client.call('series.list', params));
  return (
    <div class={`anomalies ${detail === undefined ? '' : 'anomalies-chosen'}`}>
      <Loaded query={query} lines={10}>
        {({ items }) => (
          <div class="anomalies-panes">
            <SeriesList items={items} chosen={detail} text={text} />
            <Chosen items={items} detail={detail} />
          </div>
        )}
      </Loaded>
    </div>
  );
}

function Chosen({ items, detail }: { items: readonly SeriesInfo[]; detail: string | undefined }) {
  const id = detail ?? items[0]?.id;
  const at = items.findIndex((one) => one.id === id);
  const goTo = (index: number) => {
    const next = items[index];
    if (next) go(href(['anomalies', next.id], { text: route.value.query.text }), true);
  };
  useShortcuts('Series', [
    { keys: 'j', title: 'Next series', run: () => goTo(at + 1) },
    { keys: 'k', title: 'Previous series', run: () => goTo(at - 1) },
  ]);
  if (id === undefined) return null;
  return (
    <div class="series-pane">
      <SeriesView id={id} key={id} />
    </div>
  );
}

interface SeriesListProps {
  items: readonly SeriesInfo[];
  chosen: string | undefined;
  text: string | undefined;
}

function SeriesList({ items, chosen, text }: SeriesListProps) {
  const current = chosen ?? items[0]?.id;
  const now = Date.now();
  const several = new Set(items.flatMap(({ workspace }) => workspace ?? [])).size > 1;
  return (
    <section class="series-list" aria-label="Series">
      <SearchField
        label="Name of a series"
        placeholder="Search series"
        value={text ?? ''}
        onSearch={(next) => change({ text: next || undefined }, true)}
      />
      {items.length === 0 ? (
        <Empty title={text ? 'No series is called that' : 'Nothing is watched yet'}>
          {text ? (
            <button type="button" class="button" onClick={() => change({ text: undefined })}>
              Show all series
            </button>
          ) : (
            <p>
              A series begins when the same kind of statement or migration has run a few times: its durations
              and failures are then watched.
            </p>
          )}
        </Empty>
      ) : (
        <ul>
          {items.map(({ id, title, workspace: of, anomalies, lastValue, lastAt, unit }) => (
            <li key={id}>
              <Link to={href(['anomalies', id], { text })} class="series-item" current={id === current}>
                <span class="series-title">{title}</span>
                <span class={`series-count ${anomalies > 0 ? 'series-some' : ''}`}>
                  {anomalies}
                  <span class="visually-hidden"> anomalies</span>
                </span>
                <span class="series-facts">
                  {of && several && `${workspaceName(of)}: `}
                  {lastValue === undefined ? 'no value yet' : `latest ${withUnit(lastValue, unit)}`}
                  {lastAt && `, ${ago(lastAt, now)}`}
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
      {items.length >= MOST && (
        <p class="note">The first {MOST} series are listed; search to find the others.</p>
      )}
    </section>
  );
}
