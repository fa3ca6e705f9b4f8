import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Alert } from '../../core/contract/alert.ts';
import type { Transport } from '../../core/contract/client.ts';
import { type AlertNotice, AlertWatch, routeOf, trayText } from '../../desktop/main/alert-watch.ts';
import { FakeClock } from './support/fake-host.ts';

const EVENT = '01890000-0000-7000-8000-000000000001';

function alert(id: string, more: Partial<Alert> = {}): Alert {
  return {
    id,
    kind: 'slow-run',
    group: 'g',
    severity: 'warning',
    title: `alert ${id}`,
    state: 'open',
    openedAt: '2026-01-01T00:00:00.000Z',
    lastAt: '2026-01-01T00:00:00.000Z',
    count: 1,
    muted: false,
    evidence: { events: [EVENT], count: 1 },
    ...more,
  };
}

function watching() {
  const clock = new FakeClock();
  const state = { alerts: [] as Alert[], asked: 0, away: false };
  const shown: number[] = [];
  const announced: AlertNotice[] = [];
  const call = (async () => {
    state.asked++;
    if (state.away) throw new Error('away');
    return { items: state.alerts, open: state.alerts.length };
  }) as unknown as Transport;
  const watch = new AlertWatch({
    call,
    show: (open) => shown.push(open),
    announce: (notice) => announced.push(notice),
    after: clock.after,
  });
  const pass = async (ms: number) => {
    clock.pass(ms);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { watch, state, shown, announced, pass };
}

test('alerts that were there at the start are counted; a new one is announced once, with its evidence', async () => {
  const { watch, state, shown, announced, pass } = watching();
  state.alerts = [alert('old')];
  watch.enter({ kind: 'ready' });
  await pass(0);
  assert.deepEqual([shown, announced], [[1], []]);
  state.alerts = [alert('new', { series: 'a b' }), alert('old'), alert('quiet', { muted: true })];
  watch.happened();
  watch.happened();
  await pass(2_000);
  await pass(60_000);
  assert.deepEqual(shown, [1, 3, 3]);
  assert.deepEqual(
    announced.map(({ title, route }) => [title, route]),
    [['alert new', '#/anomalies/a%20b']],
  );
});

test('many at once are one notification; a muted one is announced when it is heard again', async () => {
  const { watch, state, announced, pass } = watching();
  watch.enter({ kind: 'ready' });
  await pass(0);
  state.alerts = ['a', 'b', 'c', 'd', 'e'].map((id) => alert(id));
  await pass(60_000);
  assert.deepEqual(
    announced.map(({ title }) => title),
    ['5 new alerts'],
  );
});

test('an engine that is away is asked again, and not while it is known to be away', async () => {
  const { watch, state, shown, pass } = watching();
  state.away = true;
  watch.enter({ kind: 'ready' });
  await pass(0);
  await pass(60_000);
  assert.deepEqual([state.asked, shown], [2, []]);
  watch.enter({ kind: 'restarting', why: 'x' });
  await pass(600_000);
  assert.equal(state.asked, 2);
  state.away = false;
  watch.enter({ kind: 'ready' });
  await pass(0);
  assert.deepEqual(shown, [0]);
});

test('evidence: the series, else the newest event, else the overview', () => {
  assert.equal(routeOf(alert('x', { series: 's/1' })), '#/anomalies/s%2F1');
  assert.equal(routeOf(alert('x')), `#/events?event=${EVENT}`);
  assert.equal(routeOf(alert('x', { evidence: { events: [], count: 0 } })), '#/overview');
});

test('the tray says how many are open', () => {
  assert.deepEqual(
    [0, 1, 2].map((open) => trayText('T', open)),
    ['T: no open alerts', 'T: 1 open alert', 'T: 2 open alerts'],
  );
});
