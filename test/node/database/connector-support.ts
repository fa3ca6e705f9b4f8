/** What the tests of all three databases share. */
import assert from 'node:assert/strict';
import { type MeasuredRun, runMeasured } from '../../../core/database/measured.ts';
import type { Wrapping } from '../../../core/migrations/formats.ts';
import { DatabaseConnector } from '../../../core/node/database/connector.ts';
import type { RunOptions } from '../../../core/node/database/driver.ts';
import { loadParsers } from '../../../core/node/parsers.ts';
import { nodePlatform } from '../../../core/node/platform.ts';
import { parseSql } from '../../../core/sql/parse.ts';
import type { StatisticsFile } from '../../../core/statistics/statistics.ts';
import { instrument } from '../../../core/trace/instrument.ts';
import { cleanup, type TestScope } from '../../support/temp.ts';

export function connect(scope: TestScope, url: string): DatabaseConnector {
  const connector = new DatabaseConnector(
    instrument('database-connector', () => undefined, nodePlatform),
    url,
  );
  cleanup(scope, () => connector.close());
  return connector;
}

export interface Runner {
  dialect: 'postgres' | 'mysql' | 'sqlite';
  connector: DatabaseConnector;
}

export async function run(
  { dialect, connector }: Runner,
  sql: string,
  options: { wrapping?: Wrapping; dryRun?: boolean } & RunOptions = {},
): Promise<MeasuredRun> {
  await loadParsers();
  const session = await connector.openRun(options);
  try {
    const { statements } = parseSql(sql, dialect);
    return await runMeasured(session, {
      wrapping: options.wrapping ?? 'file',
      dryRun: options.dryRun ?? false,
      statements,
    });
  } finally {
    await session.close();
  }
}

export function outcomes({ statements }: MeasuredRun): string {
  return statements.map(({ outcome }) => outcome).join(' ');
}

/** Fails where the file holds a field that the format does not have: a value of a row could hide in it. */
/** Counts over every row, where they were cheap. */
const EXACT_TABLE = ['exactRows', 'orphans', 'duplicateKeys'];
const EXACT_COLUMN = [
  'nulls',
  'exactDistinct',
  'minLength',
  'maxLength',
  'castsTo',
  'castsTried',
  'negative',
  'zero',
  'maxDigits',
];
const without = (keys: string[], known: string[]) => keys.filter((key) => !known.includes(key)).sort();

export function assertNothingElse(file: StatisticsFile): void {
  assert.deepEqual(Object.keys(file).sort(), ['dialect', 'serverVersion', 'tables', 'version']);
  for (const table of file.tables) {
    const own = without(Object.keys(table), EXACT_TABLE);
    assert.deepEqual(own, ['bytes', 'columns', 'indexBytes', 'relation', 'rows']);
    for (const column of table.columns)
      assert.deepEqual(without(Object.keys(column), EXACT_COLUMN), [
        'avgWidth',
        'distinct',
        'name',
        'nullFraction',
      ]);
  }
}
