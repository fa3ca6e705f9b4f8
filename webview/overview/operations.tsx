import type { DurationSummary, Statistics } from '../../core/contract/statistics.ts';
import { sentence, words } from '../format/names.ts';
import { count, duration } from '../format/numbers.ts';
import { Link } from '../routing/link.tsx';
import { href } from '../routing/router.ts';
import { Bar } from '../ui/bar.tsx';
import { Card } from '../ui/card.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { Empty } from '../ui/states.tsx';

/** How long statements take by what they do, slowest first. */
export function Operations({ durations }: { durations: readonly DurationSummary[] }) {
  const longest = Math.max(...durations.map(({ p95 }) => p95));
  return (
    <Card title="Durations by operation" note="Statements that ran, slowest 95th percentile first">
      {durations.length === 0 ? (
        <Empty title="No statement was timed in this period" />
      ) : (
        <DataTable
          caption="Durations by operation"
          shown={10}
          rows={durations}
          keyOf={({ operation }) => operation}
          columns={[
            {
              head: 'Operation',
              cell: ({ operation }) => (
                <Link to={href(['events'], { type: 'schema_operation', operation })}>
                  {sentence(words(operation))}
                </Link>
              ),
              class: 'phrase',
            },
            { head: 'Runs', cell: ({ count: runs }) => count(runs), numeric: true },
            {
              head: 'Failed',
              cell: ({ failures }) => (
                <span class={failures > 0 ? 'text-error' : 'text-quiet'}>{count(failures)}</span>
              ),
              numeric: true,
            },
            { head: 'Median', cell: ({ p50 }) => duration(p50), numeric: true, secondary: true },
            { head: '95th', cell: ({ p95 }) => duration(p95), numeric: true },
            {
              head: 'As a bar',
              headHidden: true,
              cell: ({ p95 }) => <Bar share={p95 / longest} />,
              class: 'bar-cell crowded',
              secondary: true,
            },
            { head: 'Slowest', cell: ({ max }) => duration(max), numeric: true, secondary: true },
          ]}
        />
      )}
    </Card>
  );
}

/** The tables that most migrations touch. */
export function Tables({ tables }: { tables: Statistics['tables'] }) {
  const most = tables[0]?.count ?? 1;
  return (
    <Card title="Most changed tables" note="Migrations that touch each table">
      {tables.length === 0 ? (
        <Empty title="No table was changed in this period" />
      ) : (
        <DataTable
          caption="Most changed tables"
          shown={10}
          rows={tables}
          keyOf={({ name }) => name}
          columns={[
            {
              head: 'Table',
              cell: ({ name }) => (
                <Link to={href(['events'], { type: 'migration_execution', text: name })}>{name}</Link>
              ),
              class: 'mono',
            },
            { head: 'Migrations', cell: ({ count: times }) => count(times), numeric: true },
            {
              head: 'As a bar',
              headHidden: true,
              cell: ({ count: times }) => <Bar share={times / most} />,
              class: 'bar-cell',
            },
          ]}
        />
      )}
    </Card>
  );
}
