/** Models, feedback, reports, governance and settings on a host that answers from a table. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { BrowserContextOptions } from 'playwright-core';
import { TelemetryError } from '../../core/contract/errors.ts';
import { browser } from '../support/browser.ts';
import { chromium, needs } from '../support/requirements.ts';
import { ANSWERS, accuracy, at, given, settings, uuid } from './answers.ts';
import { violations } from './axe.ts';
import { type Answers, openFake } from './fake-host.ts';
import { textOf } from './pages.ts';
import { sidewaysScroll } from './settled.ts';

if (chromium().found) await browser();

/** The pages as of a day on which the answers are fresh. */
const openOnFakeHost = (answers: Answers, route: string, options?: BrowserContextOptions) =>
  openFake(answers, route, at(0), options);

/** Where each page is, and what shows that it is complete. */
const PLACES: Record<string, string> = {
  '#/models': 'Training done',
  '#/models?view=scoreboard': 'By version',
  '#/models/error-prediction': 'Training data',
  '#/models/performance-prediction': 'Drift by feature',
  '#/feedback': 'What really happened?',
  '#/feedback?view=history': 'What was answered',
  '#/feedback?view=agreement': 'Where people disagree',
  '#/report?view=compare': 'What it means',
  '#/report?view=schedules': 'The folder is not there.',
  '#/schema': '0060_change_60',
  '#/schema?view=compare': 'What the statements do not do',
  '#/schema?view=tables&table=public.orders': 'Its history',
  '#/schema?view=diagram&table=public.orders': 'Referred to by',
  '#/governance': 'Findings',
  '#/governance?view=audit': 'Hash of the newest entry',
  '#/settings': 'People and workspaces',
  '#/settings?view=engine': 'Retraining',
  '#/settings?view=alerts': 'Kinds of alerts',
  '#/settings?view=keys': 'Grafana',
  '#/settings?view=appearance': 'Single letters are shortcuts',
};

describe('pages of the models and the engine', needs(chromium()), () => {
  for (const [colorScheme, width] of [
    ['light', 1440],
    ['dark', 1024],
    ['dark', 380],
  ] as const) {
    test(`no violation, nothing wider than the window: ${colorScheme}, ${width} wide`, async () => {
      const viewport = { width, height: 900 };
      const { page, errors, goTo } = await openOnFakeHost(ANSWERS, '#/models', { colorScheme, viewport });
      for (const [place, complete] of Object.entries(PLACES)) {
        await goTo(place);
        await page.getByText(complete).first().waitFor();
        assert.deepEqual(await violations(page), [], place);
        const overflow = await sidewaysScroll(page);
        assert.equal(overflow, 0, `${place} is ${overflow} px too wide`);
      }
      assert.deepEqual(errors, []);
    });
  }

  test('what cannot be loaded says why and can be asked again, on every page', async () => {
    const { page, goTo } = await openOnFakeHost({}, '#/models');
    for (const place of Object.keys(PLACES).filter((one) => !one.includes('appearance'))) {
      await goTo(place);
      await page
        .getByText(/is not built in yet/)
        .first()
        .waitFor();
      assert.ok(await page.getByRole('button', { name: 'Try again' }).first().isVisible(), place);
    }
  });

  test('with nothing to show, each list says so', async () => {
    const { page, goTo } = await openOnFakeHost(
      {
        ...ANSWERS,
        'accuracy.get': () => ({ ...accuracy, predictions: 0 }),
        'models.versions': () => ({ items: [], retrain: { newLabels: 0, neededLabels: 50, drift: [] } }),
        'feedback.queue': () => ({ items: [], total: 0 }),
        'feedback.list': () => ({ items: [] }),
        'feedback.agreement': () => ({ people: 1, judgedTwice: 0, agreed: 0, disagreements: [] }),
        'reports.compare': () => ({ items: [] }),
        'reports.schedules': () => ({ items: [] }),
        'schema.versions': () => ({ items: [], total: 0 }),
        'events.list': () => ({ items: [] }),
        'audit.list': () => ({ items: [] }),
        'keys.list': () => ({ items: [] }),
      },
      '#/models?view=scoreboard',
    );
    for (const [place, says] of [
      ['#/models?view=scoreboard', 'No prediction was recorded'],
      ['#/models/error-prediction', 'No version yet'],
      ['#/feedback', 'Nothing to answer'],
      ['#/feedback?view=history', 'Nobody has answered anything yet'],
      ['#/feedback?view=agreement', 'Nothing was judged by two people yet'],
      ['#/report?view=compare', 'Nothing to compare in these periods'],
      ['#/report?view=schedules', 'No report is scheduled yet'],
      ['#/schema', 'No schema is known yet'],
      ['#/governance', 'Nothing was checked in this period'],
      ['#/governance?view=audit', 'Nothing was changed yet'],
      ['#/settings?view=keys', 'No keys'],
    ] as const) {
      await goTo(place);
      await page.getByText(says).waitFor();
    }
  });

  test('models: a training shows its progress and can be cancelled; a version is promoted and taken back', async () => {
    let training = true;
    const run = {
      id: uuid(3),
      models: ['error-prediction' as const],
      trigger: 'hand' as const,
      state: 'running' as const,
      startedAt: new Date().toISOString(),
      step: 'boosted trees, fold 3 of 5',
      progress: 0.42,
      messages: [],
    };
    const { page, calls, goTo } = await openOnFakeHost(
      {
        ...ANSWERS,
        'training.status': () => (training ? { running: run, recent: [] } : { recent: [] }),
        'training.cancel': () => {
          training = false;
          return { cancelled: true };
        },
        'models.promote': ({ id, version }) => ({
          ...firstVersion(id),
          model: { ...firstVersion(id).model, version },
        }),
      },
      '#/models',
    );
    await page.getByRole('progressbar', { name: 'Training Error prediction' }).waitFor();
    assert.match(await textOf(page.locator('.training')), /fold 3 of 5 42 %/);
    assert.ok(await page.getByRole('button', { name: 'Train all models' }).isDisabled());
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('progressbar').waitFor({ state: 'detached' });

    await goTo('#/models/error-prediction');
    await page.getByRole('button', { name: '8', exact: true }).click();
    const detail = page.getByRole('region', { name: 'Version 8' });
    assert.match(await textOf(detail), /Challenger 8 did not win against champion 7.*it holds 0/);
    await page.getByRole('button', { name: 'Promote version 8' }).click();
    await page.getByText('Version 8 is in use').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Version 8 is in use').waitFor({ state: 'detached' });
    const promoted = () => calls.filter(({ method }) => method === 'models.promote');
    while (promoted().length < 2) await page.waitForTimeout(20);
    assert.deepEqual(
      promoted().map(({ params }) => params),
      [
        { id: 'error-prediction', version: '8' },
        { id: 'error-prediction', version: '7', reason: 'taken back' },
      ],
    );
  });

  test('models: one that does not beat its baseline says so, and so does one with too little', async () => {
    const { page } = await openOnFakeHost(
      {
        ...ANSWERS,
        'accuracy.get': () => ({
          ...accuracy,
          failure: { ...accuracy.failure, brier: 0.12 },
          duration: { ...accuracy.duration, resolved: 12 },
        }),
      },
      '#/models?view=scoreboard',
    );
    const failure = page.getByRole('region', { name: 'Will it fail?' });
    await failure.getByText(/^Does not beat the baseline: Brier score 0.12 against 0.106/).waitFor();
    const duration = page.getByRole('region', { name: 'How long will it take?' });
    assert.match(
      await textOf(duration),
      /from 12 outcomes. Fewer than 30 outcomes: this may still be chance/,
    );
  });

  test('feedback: answered by keys alone, one after the other, and taken back', async () => {
    const { page, calls } = await openOnFakeHost(
      { ...ANSWERS, 'feedback.provide': () => given(1), 'feedback.withdraw': () => given(1) },
      '#/feedback',
    );
    const asked = (name: string) => page.getByRole('heading', { name, level: 2 });
    await asked('2026_11_set_not_null_1').waitFor();
    await page.keyboard.press('j');
    await asked('2026_11_set_not_null_2').waitFor();
    await page.keyboard.press('k');
    await page.keyboard.press('2');
    await page.keyboard.press('n');
    await page.keyboard.type('a report held a lock');
    await page.keyboard.press('Enter');
    await page.keyboard.press('f');
    await asked('2026_11_set_not_null_2').waitFor();
    await page.getByText(/71\s% right before, 72\s% now, on 40 outcomes.*8 of 50 new outcomes/).waitFor();
    await page.keyboard.press('d');
    await page.keyboard.type('soon');
    await page.keyboard.press('Enter');
    await page.getByText('That is no duration').waitFor();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('1.2 s');
    await page.keyboard.press('Enter');
    await asked('2026_11_set_not_null_3').waitFor();
    await page.keyboard.press('u');
    await asked('2026_11_set_not_null_2').waitFor();
    assert.deepEqual(
      calls.filter(({ method }) => method.startsWith('feedback.') && !/queue|list/.test(method)),
      [
        {
          method: 'feedback.provide',
          params: {
            eventId: uuid(1),
            actualOutcome: 'failed',
            userRating: 2,
            feedback: 'a report held a lock',
          },
        },
        {
          method: 'feedback.provide',
          params: { eventId: uuid(2), actualOutcome: { durationMs: 1_200 } },
        },
        { method: 'feedback.withdraw', params: { id: given(1).id, reason: 'taken back at once' } },
      ],
    );
  });

  test('feedback: an answer that is refused stays a question', async () => {
    const { page } = await openOnFakeHost(
      {
        ...ANSWERS,
        'feedback.provide': () => {
          throw new TelemetryError('forbidden', 'A viewer gives no feedback.');
        },
      },
      '#/feedback',
    );
    await page.getByRole('button', { name: /^Wrong/ }).click();
    await page.getByRole('alert').getByText('A viewer gives no feedback.').waitFor();
    await page.getByRole('heading', { name: '2026_11_set_not_null_1', level: 2 }).waitFor();
  });

  test('reports: figures of two periods; what is more than chance comes first', async () => {
    const { page, calls } = await openOnFakeHost(
      ANSWERS,
      '#/report?view=compare&from=2026-11-01&to=2026-11-10',
    );
    const table = page.getByRole('table', { name: 'Figures of two periods' });
    await table.waitFor();
    const asked = calls.find(({ method }) => method === 'reports.compare')?.params;
    assert.deepEqual(asked, {
      from: '2026-11-01T00:00:00.000Z',
      to: '2026-11-10T23:59:59.999Z',
      compareFrom: '2026-10-22T00:00:00.000Z',
      compareTo: '2026-10-31T23:59:59.999Z',
    });
    assert.match(
      await textOf(table),
      /Failure rate 21 % 8 % \+160 % Worse Median duration 28 ms 44 ms −36 % Better Migrations 42 40 \+5 % may be chance/,
    );
  });

  test('settings: changed, said, and changed back; what is wrong is not sent', async () => {
    const { page, calls } = await openOnFakeHost(
      { ...ANSWERS, 'settings.update': () => settings },
      '#/settings?view=engine',
    );
    const days = page.getByLabel('Keep events for');
    await days.fill('never');
    await page.getByRole('button', { name: 'Save' }).click();
    await page
      .getByRole('alert')
      .getByText(/^Retention is a whole number/)
      .waitFor();
    await days.fill('');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved: events are kept for ever').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    const updates = () => calls.filter(({ method }) => method === 'settings.update');
    while (updates().length < 2) await page.waitForTimeout(20);
    assert.deepEqual(
      updates().map(({ params }) => params),
      [{ retentionDays: null }, { retentionDays: 365 }],
    );
  });

  test('privacy: an erasure says how much before it does it, and can be taken back', async () => {
    const erasure = { id: uuid(77), events: 2_900, done: false };
    const ordered = { ...erasure, undoUntil: '2026-11-27T12:00:00.000Z' };
    let erasures: (typeof ordered)[] = [];
    const overview = ANSWERS['privacy.get'];
    const { page, calls } = await openOnFakeHost(
      {
        ...ANSWERS,
        'privacy.get': async () => ({ ...(await (overview as NonNullable<typeof overview>)({})), erasures }),
        'privacy.erase': ({ confirm }) => {
          if (confirm) erasures = [ordered];
          return confirm ? ordered : erasure;
        },
        'privacy.undo': () => {
          erasures = [];
          return erasure;
        },
      },
      '#/settings',
    );
    const see = page.getByRole('button', { name: 'See how much that is' });
    await see.waitFor();
    assert.ok(await see.isDisabled());
    await page.getByRole('combobox', { name: /^Of/ }).selectOption('dev-ffee00');
    await see.click();
    await page.getByRole('button', { name: 'Erase 2,900 events' }).click();
    await page.getByText(/2,900.events hidden, erased for good at 2026-11-27 12:00:00 UTC/).waitFor();
    await page.getByRole('button', { name: 'Take it back' }).click();
    await page.getByText('The erasure is taken back').waitFor();
    assert.deepEqual(
      calls.filter(({ method }) => /erase|undo/.test(method)).map(({ params }) => params),
      [{ user: 'dev-ffee00' }, { user: 'dev-ffee00', confirm: true }, { id: uuid(77) }],
    );
  });

  test('keys: a secret is shown once; export saves through the host', async () => {
    const { page, saved, goTo } = await openOnFakeHost(
      {
        ...ANSWERS,
        'keys.create': ({ name, role }) => ({
          key: { id: 'new', name, role, createdAt: '2026-11-20T12:00:00.000Z' },
          secret: 'aibos_s3cret',
        }),
        'privacy.export': ({ cursor }) =>
          cursor === undefined ? { lines: ['{"a":1}'], nextCursor: 'two' } : { lines: ['{"b":2}'] },
      },
      '#/settings?view=keys',
    );
    await page.getByLabel('Name').fill('nightly');
    await page.getByRole('button', { name: 'Make the key' }).click();
    await page.getByText('aibos_s3cret').waitFor();
    await page.getByRole('button', { name: 'I have it' }).click();
    await page.getByText('aibos_s3cret').waitFor({ state: 'detached' });
    await goTo('#/settings');
    await page.getByRole('button', { name: 'Export everything' }).click();
    while (saved.length === 0) await page.waitForTimeout(20);
    assert.equal(saved[0]?.text, '{"a":1}\n{"b":2}\n');
    assert.equal(saved[0]?.name, 'telemetry-all.jsonl');
  });
});

function firstVersion(id: Parameters<NonNullable<(typeof ANSWERS)['models.versions']>>[0]['id']) {
  const found = ANSWERS['models.versions']?.({ id });
  if (!found || 'then' in found) throw new Error('The answers have versions.');
  const [first] = found.items;
  if (!first) throw new Error('The answers have versions.');
  return first;
}
