/** The editor's side without an editor: what waits, what is said, what is let go. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Alert } from '../../core/contract/alert.ts';
import { TelemetryError } from '../../core/contract/errors.ts';
import { desktopLink } from '../../core/contract/links.ts';
import type { LearningModel } from '../../core/contract/model.ts';
import type { PredictionRecord } from '../../core/contract/prediction.ts';
import { routeOfLink } from '../../desktop/main/asked.ts';
import {
  evidenceRoute,
  inOrder,
  needsAction,
  worthNotifying,
} from '../../extension/client/alerts/alert-text.ts';
import { DisposableStore, leaks } from '../../extension/client/disposables.ts';
import {
  effectText,
  feedbackOf,
  newestOfFiles,
  parseDuration,
  predictionText,
  surpriseText,
} from '../../extension/client/feedback/answer.ts';
import { linkOf } from '../../extension/client/link-target.ts';
import { trainedText } from '../../extension/client/models/trained-text.ts';
import { Outbox } from '../../extension/client/outbox.ts';
import { type StatusParts, statusView } from '../../extension/client/status-text.ts';
import { plainName } from '../../extension/client/views/plain-name.ts';
import { COMMANDS } from '../../extension/contributions/commands.ts';
import { contributes, manifestTexts } from '../../extension/contributions/manifest.ts';
import { SETTINGS } from '../../extension/contributions/settings.ts';
import { generated } from '../../scripts/generate.ts';
import { manifestBundle, textBundle, textsOf } from '../../scripts/generate-l10n.ts';

const at = '2026-01-02T03:04:05.000Z';

function alert(id: string, severity: Alert['severity'], more: Partial<Alert> = {}): Alert {
  return {
    id,
    severity,
    kind: 'slow-run',
    group: 'x',
    title: `Alert ${id}`,
    state: 'open',
    openedAt: at,
    lastAt: at,
    count: 1,
    muted: false,
    evidence: { events: [], count: 0 },
    ...more,
  };
}

const PREDICTION: PredictionRecord = {
  id: '01890000-0000-7000-8000-000000000000',
  at,
  modelId: 'error-prediction',
  modelVersion: '3',
  subject: '0002_orders',
  subjectType: 'migration',
  state: 'awaiting',
  failureProbability: 0.31,
  durationMs: { p10: 4_000, p50: 12_000, p90: 40_000 },
  confidence: 0.8,
  reasons: ['duplicates in email'],
  basis: ['rules'],
  feedback: [],
};

test('what waits for the engine is sent in order once it is back, and nothing is lost', async () => {
  const sent: unknown[] = [];
  let isUp = false;
  const engine = {
    async request<T>(_method: string, params: unknown): Promise<T> {
      if (!isUp) throw new TelemetryError('unavailable', 'starting');
      sent.push(params);
      return params as T;
    },
  };
  const said: string[] = [];
  const outbox = new Outbox(engine, (message) => said.push(message));
  const answers: unknown[] = [];
  outbox.add('m', 1, (answer) => answers.push(answer));
  outbox.add('m', 2);
  await outbox.flush();
  assert.equal(outbox.size, 2);
  isUp = true;
  await outbox.flush();
  assert.deepEqual([sent, answers, outbox.size, said], [[1, 2], [1], 0, []]);
});

test('what the engine refuses is said, and holds nothing up', async () => {
  const said: string[] = [];
  const engine = {
    async request<T>(_method: string, params: unknown): Promise<T> {
      if (params === 'bad') throw new TelemetryError('invalid-request', 'no');
      return params as T;
    },
  };
  const outbox = new Outbox(engine, (message) => said.push(message));
  const answers: unknown[] = [];
  outbox.add('m', 'bad');
  outbox.add('m', 'good', (answer) => answers.push(answer));
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual([answers, said], [['good'], ['m was refused: no']]);
});

test('a store lets go in reverse, once, whatever fails; what is left open is named', () => {
  const order: string[] = [];
  const store = new DisposableStore('test store');
  store.add({ dispose: () => order.push('first') });
  store.add({
    dispose: () => {
      throw new Error('second');
    },
  });
  store.add({ dispose: () => order.push('third') });
  assert.ok(leaks().includes('test store'));
  assert.throws(() => store.dispose(), /second/);
  store.dispose();
  assert.deepEqual(order, ['third', 'first']);
  assert.ok(!leaks().includes('test store'));
  store.add({ dispose: () => order.push('late') });
  assert.equal(order.at(-1), 'late');
});

for (const [text, ms] of [
  ['300ms', 300],
  ['12 s', 12_000],
  ['12', 12_000],
  ['1,5 min', 90_000],
  ['2h', 7_200_000],
  ['soon', undefined],
  ['', undefined],
  ['-1 s', undefined],
] as const)
  test(`a duration: ${text}`, () => assert.equal(parseDuration(text), ms));

test('an answer as the API takes it', () => {
  const said = { failureProbability: 0.31, durationMs: PREDICTION.durationMs };
  assert.deepEqual(feedbackOf(PREDICTION, { right: true }), {
    eventId: PREDICTION.id,
    actualOutcome: 'right',
    predictedOutcome: said,
    accuracy: 1,
  });
  assert.deepEqual(
    feedbackOf(PREDICTION, {
      right: false,
      outcome: 'failed',
      durationMs: 5,
      corrected: 'failure',
      rating: 2,
      text: 'x',
    }),
    {
      eventId: PREDICTION.id,
      actualOutcome: { outcome: 'failed', durationMs: 5 },
      predictedOutcome: said,
      accuracy: 0,
      userRating: 2,
      feedback: 'x',
      corrections: [{ field: 'failureProbability', predicted: 0.31, corrected: 1 }],
    },
  );
});

test('of a file that was saved again only the newest predictions await an answer', () => {
  const of = (id: string, file: string, time: string) => ({
    ...PREDICTION,
    id,
    file,
    at: `2026-01-02T03:${time}.000Z`,
  });
  const all = [
    of('c', 'a.sql', '10:01'),
    of('b', 'a.sql', '10:00'),
    of('a', 'a.sql', '04:05'),
    of('d', 'b.sql', '01:00'),
  ];
  assert.deepEqual(
    newestOfFiles(all).map(({ id }) => id),
    ['c', 'b', 'd'],
  );
});

test('a prediction, a surprise and what feedback changed, in words', () => {
  assert.equal(predictionText(PREDICTION), '31 % may fail · about 12 s (4 s to 40 s)');
  assert.equal(
    surpriseText({ ...PREDICTION, outcome: { at, outcome: 'failed' } }),
    '0002_orders failed; a risk of 31 % was predicted. What was the reason?',
  );
  assert.equal(
    surpriseText({ ...PREDICTION, outcome: { at, outcome: 'succeeded', durationMs: 90_000 } }),
    '0002_orders took 1 min 30 s; 12 s was predicted. What was the reason?',
  );
  const feedback = {
    id: '',
    timestamp: at,
    eventId: '',
    actualOutcome: 'right',
    accuracy: 1,
    corrections: [],
    improvements: [],
  };
  const effect = {
    modelId: 'error-prediction' as const,
    modelVersion: '3',
    accuracyBefore: 0.8,
    accuracyAfter: 0.82,
    newLabels: 3,
    neededLabels: 20,
    nextPrediction: '28 % may fail',
  };
  assert.equal(
    effectText({ ...feedback, effect }),
    'Error prediction: 80 % right before your answer, 82 % now. Version 3 until it trains again: 3 of 20 new answers. 28 % may fail',
  );
  const moved =
    'Error prediction: 90 % right before, 80 % now, on 5 outcomes, because you say that it succeeded.';
  assert.equal(
    effectText({ ...feedback, effect: { ...effect, modelVersion: '0', moved } }),
    `${moved} 3 of 20 answers until it trains. 28 % may fail`,
  );
  assert.match(
    effectText({ ...feedback, effect: { ...effect, modelVersion: 'check-1.2.3' } }),
    /3 of 20 answers/,
  );
});

test('an item of a view leads to its event, series or model, and the desktop app knows such links', () => {
  const target = (argument: unknown) => {
    const link = linkOf(argument);
    return link && routeOfLink(desktopLink(...link));
  };
  assert.equal(target({ prediction: PREDICTION }), `#/events?event=${PREDICTION.id}`);
  assert.equal(target({ model: { id: 'usage-pattern' } }), '#/models/usage-pattern');
  const slow = alert('a', 'error', { series: 'duration:add column/orders' });
  assert.equal(target({ alert: slow }), '#/anomalies/duration%3Aadd%20column%2Forders');
  const seen = alert('b', 'error', { evidence: { events: [PREDICTION.id], count: 1 } });
  assert.equal(target({ alert: seen }), `#/events?event=${PREDICTION.id}`);
  assert.equal(target({ alert: alert('c', 'error') }), '#/anomalies');
  assert.equal(target(undefined), undefined);
});

test('a list names a migration without the time that its tool put before it', () => {
  assert.equal(plainName('20260622120000_add_slug'), 'add_slug');
  assert.equal(plainName('20240101-init'), 'init');
  assert.equal(plainName('0003_email'), '0003_email');
  assert.equal(plainName('20240101000000'), '20240101000000');
});

test('what a training changed is told as something that has happened', () => {
  const model = (id: string, version: string, message?: string) =>
    ({ id, version, message }) as unknown as LearningModel;
  const before = [
    model('error-prediction', '1'),
    model('usage-pattern', '0'),
    model('anomaly-detection', '2'),
  ];
  const after = [
    model('error-prediction', '2'),
    model('usage-pattern', '1'),
    model('anomaly-detection', '2', '3 of 40 migrations are there.'),
  ];
  assert.equal(
    trainedText(before, after),
    'Error prediction: version 2 took over from version 1. Usage pattern: version 1 took over. Anomaly detection: 3 of 40 migrations are there.',
  );
  const nothing = ['error-prediction', 'usage-pattern'].map((id) =>
    model(id, '0', 'not enough data: 0 of 40'),
  );
  assert.equal(
    trainedText(nothing, nothing),
    'Nothing could be learned yet. Error prediction: not enough data: 0 of 40. Usage pattern: not enough data: 0 of 40.',
  );
});

test('alerts: the worst first, each shown once, red only for what needs someone now', () => {
  const alerts = [
    alert('a', 'warning'),
    alert('b', 'critical'),
    alert('c', 'error'),
    alert('d', 'critical', { muted: true }),
  ];
  const ids = (list: Alert[]) => list.map(({ id }) => id).join('');
  assert.equal(ids(inOrder(alerts)), 'bdca');
  assert.equal(ids(worthNotifying(alerts, new Set(['b']), 'error')), 'c');
  assert.equal(ids(worthNotifying(alerts, new Set(), 'off')), '');
  assert.ok(needsAction(alerts));
  assert.ok(!needsAction([alert('a', 'error'), alert('b', 'critical', { state: 'snoozed' })]));
});

test('where the evidence is shown', () => {
  const evidence = {
    events: ['e1'],
    count: 1,
    filter: { type: 'migration_execution' as const, status: 'error' },
  };
  assert.equal(evidenceRoute({ evidence, series: 'a/b', anomalyId: 'x' }), '#/anomalies/a%2Fb?anomaly=x');
  assert.equal(evidenceRoute({ evidence }), '#/events?event=e1');
  assert.equal(
    evidenceRoute({ evidence: { ...evidence, events: [] } }),
    '#/events?type=migration_execution&status=error',
  );
});

const STATUS: StatusParts = {
  status: {
    engine: 'running',
    hostedHere: true,
    dataFolder: '',
    folders: [],
    today: [{ type: 'schema_operation', count: 2 }],
  },
  recording: 'on',
  hasFolder: true,
  alerts: [],
};

test('the status item: open alerts are counted, only the critical ones are red', () => {
  const calm = statusView(STATUS);
  assert.equal(calm.text, '$(record) AI-BOS: 2 today');
  assert.equal(calm.command, 'aibos.openDashboard');
  const warned = statusView({ ...STATUS, alerts: [alert('a', 'error'), alert('b', 'warning')] });
  assert.equal(warned.text, '$(record) AI-BOS: 2 today $(bell-dot) 2');
  assert.equal(warned.label, 'AI-BOS Telemetry, 2 today, 2 open alerts');
  assert.equal(warned.command, 'aibos.showAlerts');
  assert.equal(warned.alarm, 'none');
  assert.match(warned.tooltip, /\*\*2 open alerts:\*\* Alert a/);
  assert.equal(statusView({ ...STATUS, alerts: [alert('a', 'critical')] }).alarm, 'error');
  const lost = statusView({
    ...STATUS,
    status: { ...STATUS.status, engine: 'lost', problem: '[x](command:y)' },
  });
  assert.equal(lost.alarm, 'error');
  assert.ok(!lost.tooltip.includes('](command:y)'), 'a message makes no link');
});

test('the manifest is what the tables say, and so are the texts for translators', () => {
  const text = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
  const how = 'run npm run generate';
  assert.equal(text('package.json'), generated(text('package.json')), how);
  assert.equal(text('package.nls.json'), manifestBundle(), how);
  assert.equal(text('extension/l10n/bundle.l10n.json'), textBundle(), how);
  assert.throws(() => textsOf(`t('a' + b)`, 'x.ts'), /x\.ts:1/);
});

test('every text of the manifest is there, every menu names a command, every setting has a description', () => {
  const manifest = contributes();
  const texts = manifestTexts();
  for (const [, key] of JSON.stringify(manifest).matchAll(/%([\w.]+)%/g))
    assert.ok(texts[key ?? ''], `${key} has no text`);
  for (const { command } of Object.values(manifest.menus).flat()) assert.ok(command in COMMANDS, command);
  for (const contents of Object.values(texts))
    for (const [, command = ''] of contents.matchAll(/command:(aibos\.[\w.]+)/g))
      assert.ok(command in COMMANDS || /^aibos\.\w+\.focus$/.test(command), command);
  for (const [id, { markdownDescription }] of Object.entries(SETTINGS))
    assert.ok(markdownDescription.length > 20, id);
});
