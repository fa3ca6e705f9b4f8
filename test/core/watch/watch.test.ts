import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EventInput } from '../../../core/contract/event.ts';
import { completeEvent } from '../../../core/events/complete.ts';
import { uuidV7Source } from '../../../core/events/ids.ts';
import { keptInMemory } from '../../../core/kept.ts';
import { nodePlatform } from '../../../core/node/platform.ts';
import { seededRandom } from '../../../core/numbers.ts';
import { SettingsKeeper } from '../../../core/settings/settings.ts';
import { eventsOfType } from '../../../core/store/event-queries.ts';
import type { EventStore } from '../../../core/store/event-store.ts';
import { SeriesTable } from '../../../core/watch/series-table.ts';
import { inMemory, Watch, type WatchPorts } from '../../../core/watch/watch.ts';
import { WatchedSeries } from '../../../core/watch/watched-series.ts';
import { memoryStore } from '../../support/store.ts';

const NOW = Date.parse('2026-11-27T12:00:00Z');
const MINUTE = 60_000;
const subject = {
  kind: 'duration',
  name: 'add_index',
  source: 'cli:run',
  workspace: 'shop',
  type: 'migration_execution',
} as const;

const origin = (sequence: number) => ({ sequence, id: () => `e${sequence}` });

interface World {
  watch: Watch;
  settings: SettingsKeeper;
  clock: { now: number };
  store: EventStore;
  record(...events: EventInput[]): Promise<void>;
  /** Another watch on the same store. */
  again(ports?: Partial<WatchPorts>): Watch;
}

async function world(ports: Partial<WatchPorts> = {}): Promise<World> {
  const clock = { now: NOW };
  const platform = { ...nodePlatform, now: () => clock.now };
  const newId = uuidV7Source(platform);
  const store = await memoryStore({ platform });
  const settings = new SettingsKeeper(keptInMemory());
  const record = async (...events: EventInput[]) => {
    await store.append(
      events.map((event) => completeEvent(event, { newId, now: () => clock.now, trace: {}, defaults: {} })),
    );
  };
  const again = (own: Partial<WatchPorts> = {}) =>
    new Watch({ ...inMemory(), ...own, store, platform, settings, record: (event) => record(event) });
  return { watch: again(ports), settings, clock, record, again, store };
}

/** A run every minute, the last one just before now. */
function runs(count: number, durationOf: (i: number) => number, extra: object = {}): EventInput[] {
  return Array.from({ length: count }, (_, i) => ({
    type: 'migration_execution',
    source: 'cli:run',
    timestamp: new Date(NOW - (count - i) * MINUTE).toISOString(),
    data: { migration: `m${i}`, tool: 'flyway', outcome: 'succeeded', durationMs: durationOf(i), ...extra },
    metadata: { workspace: 'shop' },
  }));
}

const usual = (seed: number) => {
  const random = seededRandom(seed);
  return () => 80 + 40 * random();
};

test('a slow run is an anomaly of its series and an alert, as soon as it is durable', async () => {
  const { watch, record } = await world();
  const duration = usual(1);
  await record(...runs(80, (i) => (i === 79 ? 9_000 : duration())));
  await watch.caughtUp();
  const [series] = watch.seriesList({ text: 'duration' }).items;
  assert.deepEqual(
    [series?.id, series?.anomalies, series?.threshold],
    ['duration/flyway/cli:run/shop', 1, 0.5],
  );
  const { anomalies, points } = watch.seriesDetail({ id: series?.id ?? '' });
  assert.equal(anomalies[0]?.value, 9_000);
  assert.match(anomalies[0]?.title ?? '', /took 9 s; \d+ ms to \d+ ms is usual \(\d+ times the median\)/);
  assert.equal(points.at(-1)?.anomalyId, anomalies[0]?.id);
  assert.equal(points.at(-1)?.eventId, anomalies[0]?.eventId);
  const [alert] = watch.alerts.list({}).items;
  assert.deepEqual([alert?.kind, alert?.group, alert?.series], ['slow-run', 'm79', series?.id]);
});

test('nothing comes from the future, and a series that is saved and restored goes on the same', () => {
  const duration = usual(2);
  const samples = Array.from({ length: 400 }, (_, i) => (i % 97 === 96 ? 5_000 : duration()));
  const whole = new WatchedSeries(subject);
  samples.forEach((sample, i) => void whole.take(sample, NOW + i * MINUTE, origin(i)));
  let parts = new WatchedSeries(subject);
  samples.forEach((sample, i) => {
    parts.take(sample, NOW + i * MINUTE, origin(i));
    if (i % 50 === 0) parts = WatchedSeries.restore(JSON.parse(JSON.stringify(parts.save())));
    if (i === 200)
      assert.deepEqual(
        parts.anomalies,
        whole.anomalies.filter(({ at }) => Date.parse(at) <= NOW + 200 * MINUTE),
      );
  });
  assert.ok(whole.anomalies.length > 0);
  assert.deepEqual(parts.save(), whole.save());
  assert.ok(JSON.stringify(whole.save()).length < 200_000, 'its memory is bounded');
});

test('series are bounded in number, and that is said', () => {
  const table = new SeriesTable(3);
  const names = () => table.all().map(({ subject: { name } }) => name);
  for (const name of ['a', 'b', 'c', 'a', 'd']) table.seen({ ...subject, name });
  assert.deepEqual(names(), ['b', 'c', 'a'], 'who is seen once drives nobody out');
  assert.equal(table.letGo, 0);
  table.seen({ ...subject, name: 'd' });
  assert.deepEqual(
    names(),
    ['c', 'a', 'd'],
    'who was seen more often than the one quiet longest takes its place',
  );
  assert.equal(table.letGo, 1);
  for (let i = 0; i < 50_000; i++) table.seen({ ...subject, name: `once-${i}` });
  for (let i = 0; i < 3; i++) table.seen({ ...subject, name: 'new' });
  assert.ok(names().includes('new'), 'what is long ago does not keep a place');
});

test('“not real” moves the threshold of that series only; a watch made anew from the journal knows it too', async () => {
  const { watch, record, again } = await world();
  const duration = usual(3);
  await record(...runs(120, (i) => (i % 40 === 39 ? 4_000 * i : duration())));
  await watch.caughtUp();
  const id = 'duration/flyway/cli:run/shop';
  const anomaly = watch.seriesDetail({ id }).anomalies.at(-1);
  const verdict = await watch.judge({ anomalyId: anomaly?.id ?? '', real: false, comment: 'a backfill' });
  assert.deepEqual([verdict.thresholdBefore, verdict.thresholdAfter], [0.5, 0.556]);
  assert.ok(verdict.fewerAlerts >= 0);
  const detail = watch.seriesDetail({ id });
  assert.equal(detail.series.threshold, 0.556);
  assert.equal(detail.verdicts.length, 1);
  assert.equal(watch.seriesList({ text: 'failure' }).items[0]?.threshold, 0.5);
  const other = again();
  await other.caughtUp();
  assert.deepEqual(other.seriesDetail({ id }), detail);
  const back = await other.judge({ anomalyId: anomaly?.id ?? '', real: true });
  assert.ok(back.thresholdAfter < back.thresholdBefore && back.fewerAlerts <= 0);
  await assert.rejects(watch.judge({ anomalyId: 'none', real: true }), /There is no anomaly none/);
});

test('a judgement can be taken back: the threshold is as if it had not been said, here and in a watch made anew', async () => {
  const { watch, record, again } = await world();
  const duration = usual(3);
  await record(...runs(120, (i) => (i % 40 === 39 ? 4_000 * i : duration())));
  await watch.caughtUp();
  const id = 'duration/flyway/cli:run/shop';
  const anomalyId = watch.seriesDetail({ id }).anomalies.at(-1)?.id ?? '';
  const withdraw = (feedbackId: string) =>
    record({
      type: 'learning_feedback',
      source: 'engine:telemetry-engine',
      data: { eventId: feedbackId, actualOutcome: 'withdrawn', withdraws: feedbackId },
    });
  const first = await watch.judge({ anomalyId, real: false });
  const { feedbackId } = await watch.judge({ anomalyId, real: true });
  const back = await watch.unjudge(anomalyId, withdraw);
  assert.deepEqual([back.feedbackId, back.series], [feedbackId, id], 'the newest one goes first');
  const detail = watch.seriesDetail({ id });
  assert.deepEqual(detail.verdicts, [first]);
  assert.equal(detail.series.threshold, first.thresholdAfter);
  const anew = again();
  await anew.caughtUp();
  assert.deepEqual(anew.seriesDetail({ id }), detail);
  assert.equal((await watch.unjudge(anomalyId, withdraw)).thresholdAfter, 0.5);
  await assert.rejects(watch.unjudge(anomalyId, withdraw), /Nothing that counts was said/);
});

test('taking back the oldest of many verdicts keeps what was said before those that are remembered', () => {
  const series = new WatchedSeries(subject);
  const verdict = (i: number) => ({
    anomalyId: `a${i}`,
    feedbackId: `f${i}`,
    series: series.id,
    real: i % 2 === 0,
    at: new Date(NOW + i).toISOString(),
    ...series.effectOf(i % 2 === 0, NOW),
  });
  for (let i = 0; i < 30; i++) series.judged(verdict(i));
  const kept = WatchedSeries.restore(JSON.parse(JSON.stringify(series.save())));
  for (let i = 10; i < 30; i++) kept.takeBack(`f${i}`);
  const ten = new WatchedSeries(subject);
  for (let i = 0; i < 10; i++) ten.judged(verdict(i));
  assert.equal(kept.threshold, ten.threshold);
});

test('series of migrations and statements come first, the engine’s own last; states of series no longer watched are dropped', async () => {
  const { watch, record } = await world();
  const metric = (source: string, i: number): EventInput => ({
    type: 'performance_metric',
    source,
    timestamp: new Date(NOW - (60 - i) * MINUTE).toISOString(),
    data: { operation: 'sync', component: 'x', durationMs: 10, success: true },
  });
  await record(...Array.from({ length: 50 }, (_, i) => metric('engine:database-connector', i)));
  await record(...Array.from({ length: 50 }, (_, i) => metric('app', i)));
  await record(...runs(30, usual(5)));
  await watch.caughtUp();
  const sources = watch.seriesList({}).items.map(({ id }) => id.split('/')[2]);
  assert.deepEqual([...new Set(sources)], ['cli:run', 'app', 'engine:database-connector']);
  const states = ['engine:database-connector', 'app'].map((source) =>
    new WatchedSeries({ ...subject, source }).save(),
  );
  assert.deepEqual(
    SeriesTable.restore(states, 0)
      .all()
      .map(({ subject: { source } }) => source),
    ['app'],
  );
});

test('a kept state goes on from where it was; one of another version is made anew', async () => {
  const kept = keptInMemory();
  const { watch, record, again } = await world({ kept });
  const duration = usual(4);
  await record(...runs(60, duration));
  await watch.caughtUp();
  await watch.close();
  await record(...runs(40, duration));
  const resumed = again({ kept });
  const anew = again({ kept: keptInMemory({ version: 0 }) });
  await Promise.all([resumed.caughtUp(), anew.caughtUp()]);
  assert.deepEqual(resumed.seriesList({}), anew.seriesList({}));
  assert.equal(resumed.seriesList({ text: 'duration' }).items[0]?.points, 100);
});

const failed = (i: number, more: object = {}): EventInput => ({
  type: 'migration_execution',
  source: 'cli:run',
  timestamp: new Date(NOW - MINUTE + i).toISOString(),
  data: { migration: 'add_email', outcome: 'failed', environment: 'staging', ...more },
  metadata: { workspace: 'shop' },
});

test('failures of one migration are one alert that counts; a success closes it', async () => {
  const { watch, record } = await world();
  await record(failed(0), failed(1));
  await watch.caughtUp();
  const [alert] = watch.alerts.list({ kind: ['failed-migration'] }).items;
  assert.deepEqual([alert?.count, alert?.severity, alert?.group], [2, 'error', 'add_email in shop']);
  assert.match(alert?.action ?? '', /aibos check/);
  await record(failed(2));
  await watch.caughtUp();
  assert.equal(
    watch.alerts.list({ kind: ['failure-burst'] }).items[0]?.title,
    '3 of the last 3 migration runs failed',
  );
  await record(failed(3, { outcome: 'succeeded' }));
  await watch.caughtUp();
  assert.deepEqual(watch.alerts.list({ kind: ['failed-migration'] }).items, []);
  const [closed] = watch.alerts.list({ kind: ['failed-migration'], state: ['closed'] }).items;
  assert.match(closed?.action ?? '', /add_email has succeeded since/);
});

test('imports, shadow runs and what is long past raise nothing', async () => {
  const { watch, record } = await world();
  await record({ ...failed(0), source: 'import:shadow' }, failed(1, { environment: 'shadow' }), {
    ...failed(2),
    timestamp: '2024-05-01T00:00:00Z',
  });
  await watch.caughtUp();
  assert.deepEqual(watch.alerts.list({}), { items: [], open: 0 });
});

test('what people do with alerts is kept as events; a snooze ends; muted kinds are not counted', async () => {
  const { watch, record, clock, settings, again } = await world();
  await record(failed(0), {
    type: 'security_event',
    source: 'vscode',
    data: { kind: 'secret-in-migration', severity: 'error', message: 'a password' },
  });
  await watch.caughtUp();
  const [worst] = watch.alerts.list({}).items;
  assert.equal(watch.alerts.list({}).open, 2);
  const until = new Date(NOW + 10 * MINUTE).toISOString();
  const snoozed = await watch.alerts.update({ id: worst?.id ?? '', action: 'snooze', until });
  assert.deepEqual([snoozed.state, snoozed.snoozedUntil], ['snoozed', until]);
  const other = again();
  await other.caughtUp();
  assert.equal(other.alerts.list({ state: ['snoozed'] }).items[0]?.id, worst?.id);
  clock.now += 11 * MINUTE;
  assert.equal(other.alerts.list({}).open, 2);
  settings.update({ mutedAlerts: ['security'] });
  assert.deepEqual(
    [other.alerts.list({}).open, other.alerts.list({ kind: ['security'] }).items[0]?.muted],
    [1, true],
  );
  await assert.rejects(watch.alerts.update({ id: 'none', action: 'close' }), /There is no alert none/);
  await assert.rejects(
    watch.alerts.update({ id: worst?.id ?? '', action: 'snooze', until: '2020-01-01T00:00:00Z' }),
    /must end in the future/,
  );
});

test('a model that gets worse, a component that fails, a schema that drifted', async () => {
  const { watch, record } = await world();
  const accuracy = (value: number): EventInput => ({
    type: 'ai_accuracy',
    source: 'engine:ai-service',
    data: {
      predictionId: '01890000-0000-7000-8000-000000000000',
      modelId: 'error-prediction',
      accuracy: value,
    },
  });
  const health = (state: 'ok' | 'failing'): EventInput => ({
    type: 'system_health',
    source: 'x',
    data: { component: 'disk', state },
  });
  await record(
    ...Array.from({ length: 40 }, (_, i) => accuracy(i % 10 === 0 ? 0 : 1)),
    ...Array.from({ length: 20 }, (_, i) => accuracy(i % 2)),
    health('failing'),
    {
      type: 'compliance_check',
      source: 'x',
      data: { rule: 'schema-drift', result: 'fail', subject: 'prod' },
    },
  );
  await watch.caughtUp();
  const kinds = () =>
    watch.alerts
      .list({})
      .items.map(({ kind }) => kind)
      .sort();
  assert.deepEqual(kinds(), ['accuracy-dropped', 'engine', 'schema-drift']);
  const [dropped] = watch.alerts.list({ kind: ['accuracy-dropped'] }).items;
  assert.match(
    dropped?.title ?? '',
    /^Error prediction was right to [\d.]+ % over its last 20 outcomes; [\d.]+ % on the \d+ before$/,
  );
  await record(health('ok'));
  await watch.caughtUp();
  assert.deepEqual(kinds(), ['accuracy-dropped', 'schema-drift']);
});

test('actions are opt-in, rate-limited and audited', async () => {
  const sent: string[] = [];
  const { watch, record, settings, again, store } = await world({
    actor: {
      webhook: async (_target, alert) => `sent ${sent.push(alert.group)}`,
      command: () => Promise.reject(new Error('no such program')),
    },
  });
  await record(failed(0, { migration: 'a' }));
  await watch.caughtUp();
  assert.deepEqual(sent, []);
  const action = { kinds: ['failed-migration' as const], leastSeverity: 'error' as const, enabled: true };
  settings.update({
    alertActions: [
      { ...action, id: 'hook', do: 'webhook', target: 'https://example.test/secret', mostPerHour: 1 },
      { ...action, id: 'run', do: 'command', target: 'nothing', mostPerHour: 5 },
      { ...action, id: 'hold', do: 'block-next-run', mostPerHour: 5 },
    ],
  });
  await record(failed(1, { migration: 'b' }), failed(2, { migration: 'c' }));
  await watch.caughtUp();
  await watch.caughtUp();
  assert.deepEqual(sent, ['b in shop']);
  const holds = (one: Watch) =>
    one.alerts.list({ workspace: 'shop' }).items.some(({ blocksNextRun }) => blocksNextRun);
  assert.ok(holds(watch));
  const audit = again();
  await audit.caughtUp();
  assert.ok(holds(audit), 'it is in the journal');
  const entries = eventsOfType(store.tables, 'security_event').map(({ data }) => `${data.do} ${data.result}`);
  assert.deepEqual(entries.sort(), [
    'block-next-run done',
    'block-next-run done',
    'command failed',
    'command failed',
    'webhook done',
    'webhook refused',
  ]);
  assert.doesNotMatch(JSON.stringify(eventsOfType(store.tables, 'security_event')), /secret/);
});
