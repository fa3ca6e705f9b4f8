import type { Statistics } from '../../core/contract/statistics.ts';
import { count, duration, percent } from '../format/numbers.ts';
import { Card } from '../ui/card.tsx';
import { DataTable } from '../ui/data-table.tsx';

/** The figures of the report's period, and the errors that came most often. */
export function MigrationTotals({ metrics }: { metrics: Statistics }) {
  const { total, succeeded, failed, other, durationP50, durationP95 } = metrics.migrations;
  const known = succeeded + failed;
  const facts: [string, string][] = [
    ['Migrations', count(total)],
    ['Succeeded', count(succeeded)],
    ['Failed', known === 0 ? '0' : `${count(failed)} (${percent(failed / known)})`],
    ['Unknown outcome', count(other)],
    ['Median duration', durationP50 === undefined ? '–' : duration(durationP50)],
    ['95th percentile', durationP95 === undefined ? '–' : duration(durationP95)],
  ];
  return (
    <Card title="Migrations" note="With their outcome and how long they took">
      <dl class="totals">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {metrics.errors.length > 0 && (
        <DataTable
          caption="Most frequent errors"
          rows={metrics.errors}
          shown={5}
          keyOf={({ name }) => name}
          columns={[
            { head: 'Most frequent errors', cell: ({ name }) => name, class: 'subject' },
            { head: 'Migrations', cell: (row) => count(row.count), numeric: true },
          ]}
        />
      )}
    </Card>
  );
}
