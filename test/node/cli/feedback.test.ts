import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { accuracyMarkdown, accuracyText } from '../../../core/report/accuracy-text.ts';
import { startEngine } from '../../support/engine.ts';
import { prediction } from '../../support/learning.ts';

const AIBOS = fileURLToPath(new URL('../../../core/node/cli/aibos.ts', import.meta.url));

function aibos(args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [AIBOS, ...args], {
    env: { ...process.env, NO_COLOR: '1' },
    encoding: 'utf8',
  });
  return { code: status, stdout, stderr };
}

/** A data folder with one prediction that came true, one that did not, and one that waits. */
async function folder(t: TestContext): Promise<string> {
  const { client, folder: made, session } = await startEngine(t);
  const run = (migration: string, outcome: 'failed' | 'succeeded') => ({
    type: 'migration_execution' as const,
    source: 'test',
    data: { migration, outcome, durationMs: 20, operations: ['add_column'] },
    metadata: { workspace: 'w' },
  });
  await client.call('events.record', {
    events: [prediction('m1', 0.9), prediction('m2', 0.9), prediction('m3', 0.5)],
  });
  await client.call('events.record', { events: [run('m1', 'failed'), run('m2', 'succeeded')] });
  await session.close('seeded');
  return made.path;
}

test('aibos feedback lists what teaches most, takes an answer, and takes it back', async (t) => {
  const path = await folder(t);
  const run = (...args: string[]) => aibos([...args, '--data-dir', path]);
  const list = run('feedback');
  assert.match(list.stdout, /^m2 {2}surprising.*\n.*said to fail with 90 %, and succeeded/);
  assert.match(list.stdout, /m3 {2}uncertain/);
  const { items } = JSON.parse(run('feedback', '--format', 'json').stdout) as {
    items: { eventId: string }[];
  };
  const id = items[0]?.eventId ?? '';
  const given = run('feedback', id, '--outcome', 'failed', '--duration', '1.2s', '--text', 'flaky');
  assert.match(given.stdout, /50 % right before, 90 % now, on 2 outcomes/);
  assert.match(given.stdout, /2 of 2 cases here \(before your answer 1 of 2\)/);
  const feedbackId = /withdraw (\S+)/.exec(given.stdout)?.[1] ?? '';
  assert.match(run('feedback', 'withdraw', feedbackId).stdout, /Taken back/);
  assert.equal(run('feedback', 'withdraw', feedbackId).code, 2, 'only once');
  assert.equal(run('feedback', id).code, 2, 'an answer says something');
  assert.equal(run('feedback', id, '--duration', '12parsec').code, 2);
});

test('aibos report accuracy prints predicted against actual in every format', async (t) => {
  const path = await folder(t);
  const run = (...args: string[]) => aibos(['report', 'accuracy', ...args, '--data-dir', path]);
  const report = JSON.parse(run('--format', 'json').stdout);
  assert.equal(report.failure.resolved, 2);
  assert.equal(run().stdout.trimEnd(), accuracyText(report).trimEnd());
  const markdown = run('--format', 'markdown').stdout;
  assert.match(markdown, /\| Brier score \| 0\.41 \| 0\.\d+ \|/);
  assert.ok(accuracyMarkdown(report).startsWith('# Predicted against actual'));
});
