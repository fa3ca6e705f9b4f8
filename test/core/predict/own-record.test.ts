/** The whole way: a prediction that is recorded, its outcome, the file that `aibos check` reads. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import type { MeasuredRun } from '../../../core/database/measured.ts';
import { runEvents } from '../../../core/database/run-events.ts';
import { readOwnOutcomes } from '../../../core/node/predict/own-outcomes-file.ts';
import { loadParsers, parseSql } from '../../../core/sql/parse.ts';
import { startEngine } from '../../support/engine.ts';

const SCHEMA = 'CREATE TABLE users (id bigint PRIMARY KEY, email text);';
const STATISTICS = {
  version: 1,
  dialect: 'postgres',
  serverVersion: '18.0',
  tables: [
    {
      relation: 'public.users',
      rows: 200_000,
      bytes: 20_000_000,
      indexBytes: 4_000_000,
      columns: [{ name: 'email', nullFraction: 0, distinct: 150, avgWidth: 20 }],
    },
  ],
};

test('predictions.make judges, records, and is moved by what came of it', async (t) => {
  const { client, folder } = await startEngine(t);
  const make = (name: string, record = true) =>
    client.call('predictions.make', {
      sql: 'CREATE UNIQUE INDEX u ON users (email);',
      name,
      schema: SCHEMA,
      statistics: STATISTICS,
      record,
    });
  const first = await make('0001_unique.sql', false);
  assert.deepEqual(first.predictionIds, []);
  assert.ok(first.failureProbability > 0.9 && first.durationMs.p10 < first.durationMs.p90);
  assert.match(first.statements[0]?.reasons[0] ?? '', /duplicates in email/);
  assert.ok(first.statements[0]?.basis.includes('prior') && !first.statements[0].basis.includes('outcomes'));

  for (let i = 0; i < 8; i++) {
    const name = `${i}_unique.sql`;
    const { predictionIds } = await make(name);
    assert.equal(predictionIds.length, 1);
    await client.call('feedback.provide', {
      eventId: predictionIds[0] ?? '',
      actualOutcome: { outcome: 'succeeded', durationMs: first.durationMs.p50 * 3 },
      feedback: 'it went well, slowly',
    });
  }
  const last = await make('last.sql', false);
  assert.ok(last.failureProbability < first.failureProbability - 0.3, String(last.failureProbability));
  assert.ok(last.durationMs.p50 > first.durationMs.p50 * 1.7, String(last.durationMs.p50));
  assert.ok(last.statements[0]?.basis.includes('outcomes'));
  await until(() => readOwnOutcomes(folder.path)?.duration.count === 8);

  await client.call('privacy.erase', { before: new Date().toISOString(), confirm: true, now: true });
  await until(() => !existsSync(folder.in('predictor.json')));
  const after = await make('after.sql', false);
  assert.equal(after.failureProbability, first.failureProbability, 'what was erased moves nothing any more');
});

/** Outcomes are written a moment after they arrive. */
async function until(is: () => boolean): Promise<void> {
  for (let i = 0; i < 200 && !is(); i++) await setTimeout(25);
  assert.ok(is());
}

test('what `aibos run` records closes a prediction of the same migration and teaches the next one', async (t) => {
  const { client, folder, session } = await startEngine(t);
  await loadParsers();
  const text = 'CREATE INDEX i ON users (email);';
  const { statements } = parseSql(text, 'postgres');
  const { predictionIds, durationMs } = await client.call('predictions.make', {
    sql: text,
    name: '0002_index',
    schema: SCHEMA,
    statistics: STATISTICS,
    record: true,
  });
  assert.equal(predictionIds.length, 1);
  const took = durationMs.p50 * 3;
  const events = runEvents(
    {
      name: '0002_index',
      file: '0002_index.sql',
      tool: 'plain',
      dialect: 'postgres',
      environment: 'development',
      database: 'localhost/shop',
      server: 'PostgreSQL 18',
      dryRun: false,
      text,
      statements,
      checksum: '0123456789abcdef',
      startedAt: Date.now(),
    },
    {
      outcome: 'succeeded',
      durationMs: took,
      statements: [{ outcome: 'succeeded', durationMs: took, locks: [], waits: [] }],
    } as unknown as MeasuredRun,
  );
  await client.call('events.record', { events });
  // Outcomes join predictions after the caller has gone on; the end of a session waits for them.
  await session.close('run recorded');
  const own = readOwnOutcomes(folder.path);
  assert.equal(own?.duration.count, 1);
  assert.ok((own?.duration.shift ?? 0) > 0);
});

test('statistics that are none are refused with the field at fault', async (t) => {
  const { client } = await startEngine(t);
  const call = client.call('predictions.make', { sql: 'SELECT 1', statistics: { version: 2 } });
  await assert.rejects(call, /holds no table statistics/);
});
