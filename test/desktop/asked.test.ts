import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { askedBy, routeOfLink } from '../../desktop/main/asked.ts';
import { temporaryFolder } from '../support/temp.ts';

const ID = '01890000-0000-7000-8000-00000000000A';

const links: [string, string | undefined][] = [
  [`aibos://event/${ID}`, `#/events?event=${ID.toLowerCase()}`],
  ['aibos://migration/001_init', '#/migrations/001_init'],
  ['aibos://migration/a%20b%2Fc%3Fd', '#/migrations/a%20b%2Fc%3Fd'],
  ['aibos://series/duration%3Aadd_column', '#/anomalies/duration%3Aadd_column'],
  ['aibos://model/error-prediction', '#/models/error-prediction'],
  ['aibos://page/settings', '#/settings'],
  ['aibos://report/2026-11-01..2026-11-07', '#/report?from=2026-11-01&to=2026-11-07'],
  [
    'aibos://report/2026-11-01..2026-11-07@shop~1f',
    '#/report?from=2026-11-01&to=2026-11-07&workspace=shop~1f',
  ],
  ['aibos://report/2026-11-01', undefined],
  ['aibos://report/2026-11-01..x', undefined],
  ['aibos://event/1', undefined],
  [`aibos://event/${ID}?then=erase`, `#/events?event=${ID.toLowerCase()}`],
  ['aibos://model/../../x', '#/models/x'],
  ['aibos://model/..%2f..%2fx', undefined],
  ['aibos://page/', undefined],
  ['aibos://constructor/x', undefined],
  ['aibos://toString/x', undefined],
  ['aibos://user@event/x', undefined],
  ['aibos://migration/%00', undefined],
  ['aibos://migration/%', undefined],
  [`aibos://migration/${'x'.repeat(3_000)}`, undefined],
  ['https://event/1', undefined],
  ['aibos-app://app/', undefined],
  ['', undefined],
];
for (const [link, route] of links)
  test(`link ${link.slice(0, 60) || '(none)'}`, () => assert.equal(routeOfLink(link), route));

test('arguments: switches are passed over; a link, a report or a folder is taken, the first of them', (t) => {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, 'shop'));
  for (const name of ['may.aibos-report', 'notes.txt']) writeFileSync(join(folder, name), 'x');
  const cases: [string[], unknown][] = [
    [['--allow-file-access-from-files', 'shop'], { kind: 'import', path: join(folder, 'shop') }],
    [['notes.txt', 'may.aibos-report'], { kind: 'report', path: join(folder, 'may.aibos-report') }],
    [[join(folder, 'shop')], { kind: 'import', path: join(folder, 'shop') }],
    [['aibos://page/models', 'shop'], { kind: 'go', route: '#/models' }],
    [['aibos://nonsense', 'missing', 'notes.txt'], undefined],
    [[], undefined],
  ];
  for (const [args, asked] of cases) assert.deepEqual(askedBy(args, folder), asked, args.join(' '));
});
