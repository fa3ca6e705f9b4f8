import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TelemetryError } from '../../../core/contract/errors.ts';
import { readStatistics } from '../../../core/statistics/read.ts';
import {
  distinctValues,
  duplicates,
  type StatisticsFile,
  StatisticsIndex,
} from '../../../core/statistics/statistics.ts';

const FILE: StatisticsFile = {
  version: 1,
  dialect: 'postgres',
  serverVersion: '15.18',
  tables: [
    {
      relation: 'public.users',
      rows: 120_000,
      bytes: 33_554_432,
      indexBytes: 8_388_608,
      columns: [
        { name: 'email', nullFraction: 0.01, distinct: -0.97, avgWidth: 24 },
        { name: 'tags', nullFraction: null, distinct: null, avgWidth: null },
      ],
    },
  ],
};

test('the documented format is read; further fields are passed over', () => {
  const { tables } = readStatistics(JSON.stringify({ ...FILE, exportedBy: 'a newer version' }));
  assert.deepEqual(tables, FILE.tables);
  const index = new StatisticsIndex(FILE);
  assert.equal(index.table('public.users')?.rows, 120_000);
  assert.equal(index.column('public.users', 'email')?.avgWidth, 24);
  assert.equal(index.column('public.orders', 'email'), undefined);
});

const broken: [string, string, RegExp][] = [
  ['no JSON', '{"version":1', /is not valid JSON.*aibos stats export/],
  ['another version', JSON.stringify({ ...FILE, version: 2 }), /\/version/],
  ['another thing', '[]', /stats\.json holds no table statistics/],
  [
    'a share above 1',
    JSON.stringify({
      ...FILE,
      tables: [{ ...FILE.tables[0], columns: [{ name: 'a', nullFraction: 2, distinct: 1, avgWidth: 1 }] }],
    }),
    /\/tables\/0\/columns\/0\/nullFraction/,
  ],
  [
    'negative rows',
    JSON.stringify({ ...FILE, tables: [{ ...FILE.tables[0], rows: -1 }] }),
    /\/tables\/0\/rows/,
  ],
];

for (const [name, text, expected] of broken) {
  test(`refused with the place: ${name}`, () => {
    assert.throws(
      () => readStatistics(text, 'stats.json'),
      (error: unknown) => TelemetryError.is(error) && error.status === 400 && expected.test(error.message),
    );
  });
}

test('distinct values and duplicates', () => {
  const column = (distinct: number | null, nullFraction: number | null = 0) => ({
    name: 'c',
    nullFraction,
    distinct,
    avgWidth: 8,
  });
  assert.equal(distinctValues(column(-0.5), 1_000), 500);
  assert.equal(distinctValues(column(7), 1_000), 7);
  assert.equal(distinctValues(column(null), 1_000), undefined);
  const cases: [ReturnType<typeof column>, number, string][] = [
    [column(-1), 1_000, 'no'],
    [column(-0.75, 0.25), 1_000, 'no'],
    [column(-0.99), 1_000, 'possible'],
    [column(-0.97, 0.01), 1_000, 'yes'],
    [column(3), 1_000, 'yes'],
    [column(null), 1_000, 'possible'],
    [column(-1, null), 1_000, 'possible'],
    [column(1), 1, 'no'],
    [column(0, 1), 1_000, 'no'],
  ];
  for (const [given, rows, expected] of cases)
    assert.equal(duplicates(given, rows), expected, JSON.stringify(given));
});
