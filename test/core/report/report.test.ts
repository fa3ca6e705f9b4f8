import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { EventInput } from '../../../core/contract/event.ts';
import type { MethodName, Params } from '../../../core/contract/methods.ts';
import { hostEngine } from '../../../core/node/engine/host.ts';
import { keptFile } from '../../../core/node/store/kept-file.ts';
import { escapeCsv } from '../../../core/report/escape.ts';
import { nextTime } from '../../../core/report/reports.ts';
import { openPage } from '../../support/browser.ts';
import { startEngine } from '../../support/engine.ts';
import { chromium, needs } from '../../support/requirements.ts';
import { cleanup, temporaryDataFolder, temporaryFolder } from '../../support/temp.ts';
import { violations } from '../../webview/axe.ts';
import { sidewaysScroll } from '../../webview/settled.ts';

const DAY = 86_400_000;
const NOW = Date.now();
const at = (days: number) => new Date(NOW + days * DAY).toISOString();

/** Two months: in the second one a third of the migrations fails. */
function events(): EventInput[] {
  return Array.from({ length: 120 }, (_, i) => ({
    type: 'migration_execution',
    source: 'test',
    timestamp: at(-60 + i / 2),
    metadata: { workspace: 'shop' },
    data: {
      migration: `m${i}<script>`,
      outcome: i >= 60 && i % 3 === 0 ? 'failed' : 'succeeded',
      durationMs: 50 + (i % 7),
      tables: ['=cmd|calc'],
      operations: ['add_column'],
      ...(i >= 60 && i % 3 === 0 ? { error: { message: 'column “x” exists | twice' } } : {}),
    },
  }));
}

test('reports in every text format, each safe in its own way', async (t) => {
  const { client } = await startEngine(t);
  await client.call('events.record', { events: events() });
  const make = (format: 'html' | 'markdown' | 'csv' | 'json' | 'aibos-report', more: object = {}) =>
    client.call('reports.make', { format, workspace: 'shop', ...more });
  const html = await make('html', { compareFrom: at(-60), compareTo: at(-30), timeZone: 'Europe/Berlin' });
  assert.match(html.fileName, /^aibos-telemetry-\d{4}-\d\d-\d\d-to-\d{4}-\d\d-\d\d\.html$/);
  assert.match(html.content, /<svg viewBox=/);
  assert.match(html.content, /Compared with the period before/);
  assert.match(html.content, /Times in Europe\/Berlin/);
  assert.doesNotMatch(html.content, /<script|https?:\/\/(?!www\.w3\.org)/);
  const markdown = await make('markdown', { kind: 'trends' });
  assert.match(markdown.content, /^# Trend report: shop\n/);
  const csv = await make('csv');
  assert.match(csv.content, /^section,table,row,column,value,unit\r\n/);
  assert.match(csv.content, /Most changed tables,'=cmd\|calc,Migrations,120,\r\n/);
  const json = JSON.parse((await make('json', { compareFrom: at(-60), compareTo: at(-30) })).content);
  assert.deepEqual([json.metrics.migrations.total, Array.isArray(json.compared)], [120, true]);
  for (const kind of ['models', 'health', 'accuracy'] as const)
    assert.match((await make('markdown', { kind })).content, /^# /);
  const saved = await make('aibos-report');
  assert.match(saved.fileName, /^aibos-telemetry-.*\.aibos-report$/);
  assert.match(saved.content, /^<!doctype html>.*<svg viewBox=/is);
  await assert.rejects(make('html', { timeZone: 'Moon/Sea' }), /no time zone Moon\/Sea/);
});

/** Reads CSV as RFC 4180 has it. */
function rowsOf(csv: string): string[][] {
  const rows: string[][] = [];
  for (const [, row = ''] of csv.matchAll(/((?:"(?:[^"]|"")*"|[^"\r\n])*)\r\n/g))
    rows.push(
      [...row.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g)].map(
        ([, quoted, plain = '']) => quoted?.replaceAll('""', '"') ?? plain,
      ),
    );
  return rows;
}

test('CSV is for programs: numbers as they are, their unit beside them, times in ISO 8601', async (t) => {
  const { client } = await startEngine(t);
  await client.call('events.record', { events: events() });
  const make = async (kind: Params<'reports.make'>['kind'] & {}) =>
    (await client.call('reports.make', { format: 'csv', kind, workspace: 'shop' })).content;
  for (const kind of ['telemetry', 'trends', 'health', 'models', 'accuracy'] as const) {
    const rows = rowsOf(await make(kind));
    assert.ok(rows.length > 1, kind);
    for (const row of rows) assert.ok(row.length === 6 && row[4] !== '', row.join('|'));
  }
  const content = await make('telemetry');
  const rows = rowsOf(content);
  const half = rows.find((row) => row[2] === 'Half took up to') ?? [];
  assert.ok(Number(half[4]) > 50 && Number(half[4]) < 57 && half[5] === 'ms', half.join('|'));
  const failed = rows.filter((row) => row[1]?.startsWith('Migrations by ') && row[3] === 'failed');
  assert.ok(failed.every(([, , at = '']) => new Date(at).toISOString() === at));
  const sum = failed.reduce((total, row) => total + Number(row[4]), 0);
  assert.equal(sum, 20);
  assert.match(content, /column “x” exists \| twice/, 'signs beyond ASCII stay');
});

test(
  'a saved page opens without a network, runs nothing and asks for nothing',
  needs(chromium()),
  async (t) => {
    const { client } = await startEngine(t);
    await client.call('events.record', { events: events() });
    for (const workspace of ['shop', 'a</style><script>globalThis.ran = 1</script>']) {
      const { content } = await client.call('reports.make', { format: 'html', workspace });
      assert.doesNotMatch(
        content,
        /<(?:script|link|iframe|object|embed|base|img)\b|\bsrc(?:set)?=|@import|url\(/i,
      );
      const path = join(temporaryFolder(t), 'report.html');
      writeFileSync(path, content);
      const address = pathToFileURL(path).href;
      const { page, errors } = await openPage({ offline: true, viewport: { width: 320, height: 700 } });
      const asked: string[] = [];
      page.on('request', (request) => asked.push(request.url()));
      await page.goto(address);
      await page.getByRole('heading', { level: 1 }).waitFor();
      assert.deepEqual([asked, errors], [[address], []]);
      assert.equal(await sidewaysScroll(page), 0);
      for (const colorScheme of ['dark', 'light'] as const) {
        await page.emulateMedia({ colorScheme });
        assert.deepEqual(await violations(page), [], colorScheme);
      }
      await page.emulateMedia({ media: 'print' });
      const shown = page.locator('caption, nav, details').filter({ visible: true });
      assert.equal(await shown.count(), 0, 'on paper the title of a table stands in its repeated head');
      await page.context().close();
    }
  },
);

test('days and months of a chart are those of UTC, by which the figures are gathered, in every time zone', async (t) => {
  const { client } = await startEngine(t);
  await client.call('events.record', { events: events() });
  const made = (timeZone: string) => client.call('reports.make', { format: 'markdown', timeZone });
  const rows = ({ content }: { content: string }) =>
    content.split('\n').filter((line) => /^\| \d+ \w+ 20\d\d \|/.test(line));
  const inUtc = rows(await made('UTC'));
  assert.ok(inUtc.length > 20);
  assert.deepEqual(rows(await made('America/New_York')), inUtc);
});

test('two periods: only what is more than chance is noteworthy', async (t) => {
  const { client } = await startEngine(t);
  await client.call('events.record', { events: events() });
  const { items } = await client.call('reports.compare', {
    from: at(-30),
    to: at(0),
    compareFrom: at(-60),
    compareTo: at(-30),
    workspace: 'shop',
  });
  const named = (name: string) => items.find((item) => item.name === name);
  assert.deepEqual([named('Failed migrations')?.noteworthy, named('Failed migrations')?.before], [true, 0]);
  assert.deepEqual([named('Migrations')?.noteworthy, named('Migrations')?.now], [false, 2]);
  assert.equal(named('Duration of migrations')?.noteworthy, false);
  await assert.rejects(
    client.call('reports.compare', { from: at(0), to: at(-1), compareFrom: at(-3), compareTo: at(-2) }),
    /must end after it begins/,
  );
});

test('scheduled reports are written when due; what goes wrong is said and tried again', async (t) => {
  const folder = temporaryDataFolder(t);
  const host = await hostEngine(folder);
  cleanup(t, () => host.close('test finished'));
  const client = {
    call: <M extends MethodName>(method: M, params: Params<M>) =>
      host.dispatch(method, params, { role: 'admin', via: 'test' }),
  };
  await client.call('events.record', { events: events() });
  const target = temporaryFolder(t);
  const schedule = await client.call('reports.schedule', {
    kind: 'telemetry',
    format: 'html',
    every: 'week',
    folder: target,
  });
  assert.equal(new Date(schedule.nextAt ?? '').getUTCDay(), 1);
  await assert.rejects(
    client.call('reports.schedule', { kind: 'health', format: 'csv', every: 'day', folder: 'here' }),
    /absolute path/,
  );
  const kept = keptFile(folder.in('report-schedules.json'));
  kept.write([{ ...schedule, nextAt: at(-30) }]);
  await host.engine.reports.runDue(client.call);
  const monday = Date.parse(schedule.nextAt ?? '') - 7 * DAY;
  const [from, to] = [monday - 7 * DAY, monday].map((time) => new Date(time).toISOString().slice(0, 10));
  assert.deepEqual(
    readdirSync(target),
    [`aibos-telemetry-${from}-to-${to}.html`],
    'the last whole week, though more were missed',
  );
  kept.write([{ ...schedule, nextAt: at(-1), folder: `${target}/missing` }]);
  await host.engine.reports.runDue(client.call);
  const [failed] = (await client.call('reports.schedules', {})).items;
  assert.match(failed?.problem ?? '', /missing.*cannot be written/);
  assert.ok(Date.parse(failed?.nextAt ?? '') > NOW);
  assert.deepEqual(await client.call('reports.unschedule', { id: schedule.id }), { removed: true });
  assert.deepEqual(await client.call('reports.schedules', {}), { items: [] });
});

test('a report as PDF', needs(chromium()), async (t) => {
  const { client } = await startEngine(t);
  await client.call('events.record', { events: events() });
  const { content, encoding } = await client.call('reports.make', { format: 'pdf' });
  assert.equal(encoding, 'base64');
  const pdf = Buffer.from(content, 'base64').toString('latin1');
  assert.match(pdf, /^%PDF-/);
  const [, width, height] = (/\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/.exec(pdf) ?? []).map(Number);
  assert.deepEqual([Math.round(width ?? 0), Math.round(height ?? 0)], [595, 842], 'A4, as the page asks');
});

test('schedules fall on the beginning of a day, a Monday, a month', () => {
  const next = (every: 'day' | 'week' | 'month', now: string) =>
    new Date(nextTime(every, Date.parse(now))).toISOString().slice(0, 10);
  assert.equal(next('day', '2026-11-27T13:00:00Z'), '2026-11-28');
  assert.equal(next('week', '2026-11-27T13:00:00Z'), '2026-11-30');
  assert.equal(next('week', '2026-11-30T00:00:00Z'), '2026-12-07');
  assert.equal(next('month', '2026-12-31T23:00:00Z'), '2027-01-01');
});

test('cells of CSV that a spreadsheet would run are made text, numbers stay', () => {
  assert.equal(escapeCsv('=1+1'), "'=1+1");
  assert.equal(escapeCsv('@SUM(A1)'), "'@SUM(A1)");
  assert.equal(escapeCsv('-12.5'), '-12.5');
  assert.equal(escapeCsv('a,"b"'), '"a,""b"""');
  assert.equal(escapeCsv('-1+A1'), "'-1+A1");
  assert.equal(escapeCsv('\t=1'), "'\t=1");
  for (const number of ['+12.5', '-1e-7', '-3 %', '-14 ms']) assert.equal(escapeCsv(number), number);
});
