import { useMemo } from 'preact/hooks';
import type { TelemetryClient } from '../../core/contract/client.ts';
import type { Params } from '../../core/contract/methods.ts';
import { ChartFigure } from '../charts/figure.tsx';
import type { ChartSpec } from '../charts/spec.ts';
import { sentence, words } from '../format/names.ts';
import { count, percent, plural } from '../format/numbers.ts';
import { day } from '../format/time.ts';
import { change, route } from '../routing/router.ts';
import { useClient } from '../state/host.ts';
import { useQuery } from '../state/query.ts';
import { timeframeParams } from '../state/timeframe.ts';
import { Card } from '../ui/card.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { Empty } from '../ui/states.tsx';
import { byMonth, type Check, talliesOf } from './checks.ts';
import { Findings } from './findings.tsx';

/** More checks than this are not counted here; the page then says so. */
const MOST = 2_000;

interface Checks {
  checks: Check[];
  /** There are more than were counted. */
  cut: boolean;
}

/** Checks against the manifest: by rule, over time, and one by one. */
export function Rules() {
  const client = useClient();
  const params = timeframeParams();
  const query = useQuery(`checks ${JSON.stringify(params)}`, () => latestChecks(client, params));
  return (
    <Loaded query={query} lines={10}>
      {(found) => <Checked {...found} />}
    </Loaded>
  );
}

async function latestChecks(
  client: Pick<TelemetryClient, 'call'>,
  params: Params<'events.list'>,
): Promise<Checks> {
  const checks: Check[] = [];
  let cursor: string | undefined;
  do {
    const page = await client.call('events.list', {
      ...params,
      type: ['compliance_check'],
      limit: 500,
      ...(cursor === undefined ? {} : { cursor }),
    });
    checks.push(...(page.items as Check[]));
    cursor = page.nextCursor;
  } while (cursor !== undefined && checks.length < MOST);
  return { checks, cut: cursor !== undefined };
}

function Checked({ checks, cut }: Checks) {
  const rule = route.value.query.rule;
  const tallies = useMemo(() => talliesOf(checks), [checks]);
  if (checks.length === 0)
    return (
      <Card title="Checks against the manifest">
        <Empty title="Nothing was checked in this period">
          <p>
            Put an <code>aibos.manifest.json</code> beside your migrations. Each import, each{' '}
            <code>aibos governance</code> and each saved migration is then checked.
          </p>
        </Empty>
      </Card>
    );
  const results = { pass: 0, warn: 0, fail: 0, not_applicable: 0 };
  for (const { data } of checks) results[data.result]++;
  return (
    <div class="governance">
      {cut && (
        <p class="note">
          These are the latest {count(checks.length)} checks; a shorter time range shows all of its own.
        </p>
      )}
      <div class="pair">
        <Card title="Checks" note={`${plural(checks.length, 'migration')} judged by the manifest`}>
          <dl class="totals">
            <Total name="Pass" value={results.pass} of={checks.length} />
            <Total name="Warn" value={results.warn} of={checks.length} />
            <Total name="Fail" value={results.fail} of={checks.length} />
          </dl>
          {tallies.length === 0 ? (
            <Empty title="No rule found anything" />
          ) : (
            <DataTable
              caption="Rules that found something"
              rows={tallies}
              shown={10}
              keyOf={(tally) => tally.rule}
              columns={[
                {
                  head: 'Rule',
                  cell: (tally) => (
                    <button
                      type="button"
                      class="link"
                      aria-pressed={tally.rule === rule}
                      onClick={() => change({ rule: tally.rule === rule ? undefined : tally.rule })}
                    >
                      {sentence(words(tally.rule))}
                    </button>
                  ),
                },
                { head: 'Fail', cell: ({ fail }) => count(fail), numeric: true },
                { head: 'Warn', cell: ({ warn }) => count(warn), numeric: true },
                { head: 'Last (UTC)', cell: ({ lastAt }) => day(lastAt), numeric: true, secondary: true },
              ]}
            />
          )}
        </Card>
        <ChecksChart checks={checks} />
      </div>
      <Findings checks={checks} rule={rule} />
    </div>
  );
}

function Total({ name, value, of }: { name: string; value: number; of: number }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {count(value)} <span class="note">{percent(value / of)}</span>
      </dd>
    </div>
  );
}

function ChecksChart({ checks }: { checks: readonly Check[] }) {
  const months = useMemo(() => byMonth(checks), [checks]);
  const spec = useMemo((): ChartSpec => {
    const names = months.map(({ month }) => month);
    return {
      kind: 'bars',
      labels: names,
      names,
      series: [
        { name: 'Pass', colour: 'accent', values: months.map(({ pass }) => pass) },
        { name: 'Warn', colour: 'second', values: months.map(({ warn }) => warn) },
        { name: 'Fail', colour: 'error', values: months.map(({ fail }) => fail) },
      ],
      y: { title: 'Checks', whole: true, format: count },
    };
  }, [months]);
  return (
    <ChartFigure
      title="Checks over time"
      note="Number per month by result, UTC"
      summary={`${plural(months.length, 'month')}.`}
      spec={spec}
      rows={months}
      keyOf={({ month }) => month}
      columns={[
        { head: 'Month (UTC)', cell: ({ month }) => month },
        { head: 'Pass', cell: ({ pass }) => count(pass), numeric: true },
        { head: 'Warn', cell: ({ warn }) => count(warn), numeric: true },
        { head: 'Fail', cell: ({ fail }) => count(fail), numeric: true },
      ]}
    />
  );
}
