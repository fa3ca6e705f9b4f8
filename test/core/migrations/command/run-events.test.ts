/** Which migrations a command ran, from its output, the files it names, or what was pending. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RanCommand } from '../../../../core/migrations/command/ended-command.ts';
import { commandOutcome, migrationsOf, runEvents } from '../../../../core/migrations/command/run-events.ts';
import { nodePlatform } from '../../../../core/node/platform.ts';

const BY = { source: 'test', sha256: nodePlatform.sha256 };
const KNOWN = ['0001_users', '0002_orders', '0003_notes'].map((name) => ({
  name,
  file: `migrations/${name}.sql`,
}));
const PENDING = KNOWN.slice(1);

const RAN: RanCommand = {
  id: '01890000-0000-7000-8000-000000000000',
  commandLine: 'goose up',
  confidence: 'high',
  tool: 'goose',
  verb: 'up',
  direction: 'up',
  files: [],
  whereabouts: { words: [] },
  startedAt: '2026-01-02T03:04:05.000Z',
  durationMs: 1200,
  alone: true,
  exitCode: 0,
  exitCodeTells: true,
  said: { migrations: [] },
  outputWhole: false,
};

const gist = (ran: Partial<RanCommand>, pending = PENDING) =>
  migrationsOf({ ...RAN, ...ran }, KNOWN, pending).map(({ name, outcome, durationMs, timedBy }) =>
    [name, outcome, ...(timedBy ? [durationMs, timedBy] : [])].join(' '),
  );

test('the output comes first, with the tool’s own clock', () => {
  const said = {
    migrations: [
      { name: '2', outcome: 'succeeded', durationMs: 5 },
      { name: '0003_notes', outcome: 'failed' },
    ] satisfies RanCommand['said']['migrations'],
  };
  assert.deepEqual(gist({ said, exitCode: 1 }), ['0002_orders succeeded 5 tool', '0003_notes failed']);
});

test('one file that is named takes as long as the command', () => {
  assert.deepEqual(gist({ files: ['migrations/0002_orders.sql'] }), ['0002_orders succeeded 1200 command']);
  assert.deepEqual(gist({ files: ['other/x.sql'] }), ['x succeeded 1200 command']);
});

test('of several, a failure is nobody’s, and no duration either', () => {
  assert.deepEqual(gist({}), ['0002_orders succeeded', '0003_notes succeeded']);
  assert.deepEqual(gist({ exitCode: 1 }), ['0002_orders unknown', '0003_notes unknown']);
});

test('a line with other commands tells no duration', () => {
  assert.deepEqual(gist({ files: ['migrations/0002_orders.sql'], alone: false }), ['0002_orders succeeded']);
});

test('nothing known: the command stands for what it ran', () => {
  assert.deepEqual(gist({}, []), ['goose up succeeded 1200 command']);
});

for (const [what, ran, outcome] of [
  ['exit code 0', { exitCode: 0 }, 'succeeded'],
  ['exit code 1', { exitCode: 1 }, 'failed'],
  ['psql that stops at nothing', { exitCode: 0, exitCodeTells: false }, 'unknown'],
  [
    'psql whose whole output has no error',
    { exitCode: 0, exitCodeTells: false, outputWhole: true },
    'succeeded',
  ],
  [
    'its error in the output',
    { exitCode: 0, exitCodeTells: false, said: { migrations: [], error: { message: 'x' } } },
    'failed',
  ],
] as const)
  test(what, () =>
    assert.equal(
      commandOutcome({
        ...RAN,
        ...ran,
        said: { migrations: [], ...('said' in ran ? { error: ran.said.error } : {}) },
      }),
      outcome,
    ),
  );

test('no exit code: unknown, said so, and the same ids when it is sent again', () => {
  const { exitCode: _, ...ran } = RAN;
  const badge = { environment: 'development', reason: 'it is on this machine' } as const;
  const events = () => runEvents(ran, migrationsOf(ran, KNOWN, PENDING.slice(0, 1)), badge, {}, BY);
  const [event] = events();
  assert.equal(event?.data.outcome, 'unknown');
  assert.equal(event?.data.exitCodeUnknown, true);
  assert.equal(event?.data.exitCode, undefined);
  assert.equal(event?.data.environment, 'development');
  assert.equal(event?.id, events()[0]?.id);
  assert.equal(event?.timestamp, RAN.startedAt);
});
