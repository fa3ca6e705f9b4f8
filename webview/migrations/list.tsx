import type { MigrationSummary } from '../../core/contract/migration-story.ts';
import { OUTCOME_NAMES, workspaceName } from '../format/names.ts';
import { count, duration, percent, plural } from '../format/numbers.ts';
import { dateTime } from '../format/time.ts';
import { Link } from '../routing/link.tsx';
import { change, href, route } from '../routing/router.ts';
import { useClient } from '../state/host.ts';
import { type Paged, usePaged } from '../state/paged.ts';
import { timeframeParams } from '../state/timeframe.ts';
import { type Column, DataTable } from '../ui/data-table.tsx';
import { HowToImport } from '../ui/how-to-import.tsx';
import { Icon } from '../ui/icon.tsx';
import { SearchField } from '../ui/search-field.tsx';
import { Empty, Failure, Loading } from '../ui/states.tsx';
import { Wrapped } from '../ui/wrapped.tsx';
import { axisOf, Compared, type Interval, type LogAxis } from './compared.tsx';
import { OutcomeBadge, outcomeName } from './outcome.tsx';

const PAGE = 100;
const OUTCOMES = [...Object.keys(OUTCOME_NAMES), 'not run'] as const;

/** Every migration in a line: what was predicted beside what it took. */
export function MigrationList() {
  const client = useClient();
  const { query } = route.value;
  const { text, outcome, table } = query;
  const params = {
    ...timeframeParams(),
    limit: PAGE,
    ...(text ? { text } : {}),
    ...(outcome ? { outcome: [outcome] } : {}),
    ...(table ? { table } : {}),
  };
  const list = usePaged(JSON.stringify(params), (cursor) =>
    client.call('migrations.list', { ...params, ...(cursor === undefined ? {} : { cursor }) }),
  );
  return (
    <div class="migrations">
      <search class="page-filters" aria-label="Filter migrations">
        <SearchField
          label="Name, file, table or operation"
          placeholder="Search migrations"
          value={text ?? ''}
          onSearch={(next) => change({ text: next || undefined }, true)}
        />
        <label class="select">
          <span class="visually-hidden">Outcome</span>
          <select
            value={outcome ?? ''}
            onChange={({ currentTarget }) => change({ outcome: currentTarget.value || undefined })}
          >
            <option value="">Any outcome</option>
            {OUTCOMES.map((one) => (
              <option key={one} value={one}>
                {outcomeName(one)}
              </option>
            ))}
          </select>
        </label>
        {table && (
          <span class="chip">
            <span class="chip-name">Table</span> {table}
            <button
              type="button"
              class="chip-clear"
              aria-label="Remove the filter Table"
              onClick={() => change({ table: undefined })}
            >
              <Icon name="close" />
            </button>
          </span>
        )}
        <p class="page-count" role="status">
          {list.total === undefined ? '' : plural(list.total, 'migration')}
        </p>
      </search>
      <Listed list={list} filtered={Boolean(text || outcome || table)} />
    </div>
  );
}

function Listed({ list, filtered }: { list: Paged<MigrationSummary>; filtered: boolean }) {
  const { items, error, loading, again, hasMore, more, total } = list;
  if (!items) return error && !loading ? <Failure error={error} again={again} /> : <Loading lines={12} />;
  if (items.length === 0) return <NoMigrations filtered={filtered} />;
  const axis = axisOf(
    items.flatMap(({ durationMs, predicted }) => [durationMs, predicted?.p10, predicted?.p90]),
  );
  return (
    <section class="card">
      {error && <Failure error={error} again={again} />}
      <DataTable
        caption="Migrations, newest first"
        columns={columns(axis)}
        rows={items}
        keyOf={({ name, workspace }) => `${workspace} ${name}`}
      />
      {hasMore && (
        <button type="button" class="button" disabled={loading} onClick={more}>
          {loading ? 'Loading' : `Show more of ${count(total ?? items.length)}`}
        </button>
      )}
    </section>
  );
}

function columns(axis: LogAxis | undefined): Column<MigrationSummary>[] {
  return [
    {
      head: 'Migration',
      cell: ({ name, workspace, tables }) => (
        <span class="migration-name">
          <Link to={href(['migrations', name], { in: workspace })}>
            <Wrapped name={name} />
          </Link>
          <span class="text-quiet">
            {workspaceName(workspace)}
            {tables.length > 0 && (
              <Wrapped name={` · ${tables.slice(0, 2).join(', ')}${tables.length > 2 ? ', …' : ''}`} />
            )}
          </span>
        </span>
      ),
      class: 'subject',
    },
    { head: 'Outcome', cell: ({ outcome }) => <OutcomeBadge outcome={outcome} /> },
    {
      head: 'Said to fail',
      cell: ({ predicted }) =>
        predicted?.failureProbability === undefined ? '–' : percent(predicted.failureProbability),
      numeric: true,
      secondary: true,
    },
    {
      head: axis
        ? `Predicted and actual, ${duration(axis.min)} to ${duration(axis.max)} (log)`
        : 'Predicted and actual',
      cell: ({ predicted, durationMs }) =>
        axis && <Compared axis={axis} interval={intervalOf(predicted)} actual={durationMs} />,
      class: 'compared-cell',
      secondary: true,
    },
    {
      head: 'Took',
      cell: ({ durationMs }) => (durationMs === undefined ? '–' : duration(durationMs)),
      numeric: true,
    },
    { head: 'Runs', cell: ({ runs }) => count(runs), numeric: true, secondary: true, class: 'crowded' },
    {
      head: 'Latest (UTC)',
      cell: ({ lastAt }) => <span class="text-quiet">{dateTime(lastAt).slice(0, 16)}</span>,
      numeric: true,
      secondary: true,
      class: 'crowded',
    },
  ];
}

/** The interval of a summary, where all of it is known. */
export function intervalOf(predicted: MigrationSummary['predicted']): Interval | undefined {
  const { p10, p50, p90 } = predicted ?? {};
  return p10 === undefined || p50 === undefined || p90 === undefined ? undefined : { p10, p50, p90 };
}

function NoMigrations({ filtered }: { filtered: boolean }) {
  if (filtered || route.value.query.range || route.value.query.workspace) {
    return (
      <Empty title="No migration fits these filters">
        <button
          type="button"
          class="button"
          onClick={() =>
            change({
              text: undefined,
              outcome: undefined,
              table: undefined,
              range: undefined,
              workspace: undefined,
            })
          }
        >
          Clear all filters
        </button>
      </Empty>
    );
  }
  return (
    <Empty title="No migrations are recorded yet">
      <HowToImport />
      <p>Or save a migration with the VS Code extension installed: the story begins with the first edit.</p>
    </Empty>
  );
}
