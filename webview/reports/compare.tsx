import type { Comparison } from '../../core/contract/report-file.ts';
import { sentence } from '../format/names.ts';
import { count, percent, plural, withUnit } from '../format/numbers.ts';
import { change, route } from '../routing/router.ts';
import { useClient } from '../state/host.ts';
import { useQuery } from '../state/query.ts';
import { workspace } from '../state/timeframe.ts';
import { Card } from '../ui/card.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { Empty } from '../ui/states.tsx';
import { Badge } from '../ui/status.tsx';
import { changeText, verdictOf } from './change-text.ts';
import { DayField } from './day-field.tsx';
import { ExportMenu } from './export-menu.tsx';
import { type Days, daysBefore, endOfDay, isDay, lastDays, startOfDay } from './period.ts';

const LENGTHS = [7, 30, 90, 365];

/** The figures of two periods side by side, with a mark where they differ by more than chance. */
export function Compare() {
  const client = useClient();
  const { now, before } = chosenDays();
  const params = {
    from: startOfDay(now.from),
    to: endOfDay(now.to),
    compareFrom: startOfDay(before.from),
    compareTo: endOfDay(before.to),
    ...(workspace.value ? { workspace: workspace.value } : {}),
  };
  const query = useQuery(`compare ${JSON.stringify(params)}`, () => client.call('reports.compare', params));
  return (
    <div class="report">
      <Card title="Periods" note="Whole days, UTC">
        <div class="inline-form">
          <DayField label="From" value={now.from} onValue={(from) => change({ from })} />
          <DayField label="to" value={now.to} onValue={(to) => change({ to })} />
          <span class="text-quiet">against</span>
          <DayField label="From" value={before.from} onValue={(day) => change({ beforeFrom: day })} />
          <DayField label="to" value={before.to} onValue={(day) => change({ beforeTo: day })} />
        </div>
        <div class="inline-form lengths">
          {LENGTHS.map((length) => (
            <button type="button" class="button small" key={length} onClick={() => chooseLength(length)}>
              Last {plural(length, 'day')} against those before
            </button>
          ))}
        </div>
      </Card>
      <div class="page-actions report-buttons">
        <ExportMenu period={params} />
      </div>
      <Loaded query={query} lines={8}>
        {({ items }) => <Figures items={items} now={now} before={before} />}
      </Loaded>
    </div>
  );
}

/** Of the address; the last 30 days against the 30 before where it says nothing. */
function chosenDays(): { now: Days; before: Days } {
  const { from, to, beforeFrom, beforeTo } = route.value.query;
  const standard = lastDays(30);
  const now = { from: isDay(from) ? from : standard.from, to: isDay(to) ? to : standard.to };
  const earlier = daysBefore(now);
  return {
    now,
    before: {
      from: isDay(beforeFrom) ? beforeFrom : earlier.from,
      to: isDay(beforeTo) ? beforeTo : earlier.to,
    },
  };
}

function chooseLength(length: number): void {
  change({ ...lastDays(length), beforeFrom: undefined, beforeTo: undefined });
}

function Figures({ items, now, before }: { items: readonly Comparison[]; now: Days; before: Days }) {
  const marked = items.filter(({ noteworthy }) => noteworthy);
  if (items.length === 0)
    return (
      <Card title="Figures">
        <Empty title="Nothing to compare in these periods" />
      </Card>
    );
  return (
    <Card
      title="Figures"
      note={
        marked.length === 0
          ? 'No difference is more than chance would explain at these counts'
          : `${count(marked.length)} of ${plural(items.length, 'difference')} more than chance would explain`
      }
    >
      <DataTable
        caption="Figures of two periods"
        rows={[...items].sort((a, b) => Number(b.noteworthy) - Number(a.noteworthy))}
        keyOf={({ name }) => name}
        columns={[
          { head: 'Figure', cell: ({ name }) => sentence(name), class: 'subject phrase' },
          {
            head: `${now.from} to ${now.to}`,
            cell: (row) => valueOr(row.now, row.unit),
            numeric: true,
            class: 'in-period',
          },
          {
            head: `${before.from} to ${before.to}`,
            cell: (row) => valueOr(row.before, row.unit),
            numeric: true,
            class: 'in-period',
          },
          { head: 'Change', cell: (row) => changeText(row), numeric: true, secondary: true },
          {
            head: 'What it means',
            cell: (row) => {
              const verdict = verdictOf(row);
              return verdict ? (
                <Badge tone={verdict.tone}>{verdict.text}</Badge>
              ) : (
                <span class="text-quiet">may be chance</span>
              );
            },
          },
        ]}
      />
    </Card>
  );
}

function valueOr(value: number | undefined, unit: string): string {
  if (value === undefined) return '–';
  return unit === 'share' ? percent(value) : withUnit(value, unit);
}
