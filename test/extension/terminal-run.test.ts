/** From a command of the terminal to what the engine is told; and that one run is told once. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type EndedCommand, mayRunMigrations, runsOf } from '../../core/migrations/command/ended-command.ts';
import { OutputReader } from '../../extension/client/terminal/output-reader.ts';
import { RunGate } from '../../extension/client/terminal/run-gate.ts';

const ENDED: EndedCommand = {
  line: 'goose up',
  folder: '/home/someone/shop',
  confidence: 'high',
  startedAt: Date.parse('2026-01-02T03:04:05Z'),
  durationMs: 1234.5678,
  exitCode: 0,
  output: '',
  outputWhole: true,
};

const SCRIPTS: Record<string, string> = { deploy: 'prisma generate && prisma migrate deploy', build: 'tsc' };
const readScript = async (_runner: string, name: string) => SCRIPTS[name];
const told = (ended: Partial<EndedCommand>) => runsOf({ ...ENDED, ...ended }, [], readScript, () => 'id');

test('secrets are taken out of the command line, and none is in what else is told', async () => {
  const [run] = await told({ line: 'psql postgres://app:hunter2@db.prod.example/shop -f 1.sql' });
  assert.equal(run?.commandLine, 'psql postgres://app:‹redacted›@db.prod.example/shop -f 1.sql');
  assert.ok(!JSON.stringify(run).includes('hunter2'), JSON.stringify(run));
  assert.equal(run?.whereabouts.address?.host, 'db.prod.example');
});

test('start, duration and exit code as they were measured', async () => {
  const [run] = await told({ exitCode: 3 });
  assert.equal(run?.startedAt, '2026-01-02T03:04:05.000Z');
  assert.equal(run?.durationMs, 1234.568);
  assert.equal(run?.exitCode, 3);
  assert.equal(run?.confidence, 'high');
});

test('no exit code is told where it is another command’s', async () => {
  const exitCode = async (line: string, code: number) => (await told({ line, exitCode: code }))[0]?.exitCode;
  assert.equal(await exitCode('goose up && npm start', 130), undefined);
  assert.equal(await exitCode('goose up && npm start', 0), 0);
  assert.equal(await exitCode('goose up | tee log', 0), undefined);
  assert.equal(await exitCode('npm ci && goose up', 1), 1);
});

test('a script runs what its text says, else what its name says', async () => {
  const tools = async (line: string) =>
    (await told({ line })).map(({ tool, verb, alone }) => `${tool} ${verb} ${alone}`);
  assert.deepEqual(await tools('npm run deploy'), ['prisma migrate deploy false']);
  assert.deepEqual(await tools('npm run build'), []);
  assert.deepEqual(await tools('make migrate'), ['make migrate true']);
  assert.deepEqual(await tools('make build'), []);
  assert.ok(mayRunMigrations('npm run anything', []));
  assert.ok(!mayRunMigrations('git commit -m "goose up"', []));
});

test('two files of one client are one run; a folder that was gone to is told', async () => {
  const runs = await told({ line: 'cd db && psql -f 1.sql && psql -f 2.sql' });
  assert.equal(runs.length, 1);
  assert.deepEqual(runs[0]?.files, ['1.sql', '2.sql']);
  assert.equal(runs[0]?.folder, '/home/someone/shop/db');
});

/** A gate whose time passes by hand. */
function gate() {
  const lines: string[] = [];
  let waiting: (() => void)[] = [];
  const opened = new RunGate(
    ({ confidence, exitCode, output }) => lines.push(`${confidence} ${exitCode} ${output}`.trim()),
    (work) => {
      waiting.push(work);
      return {
        dispose: () => {
          waiting = waiting.filter((other) => other !== work);
        },
      };
    },
  );
  const pass = () => {
    for (const work of waiting.splice(0)) work();
  };
  return { opened, lines, pass };
}

test('a task that also shows in a terminal is told once, with the output of one and the exit code of the other', () => {
  for (const order of ['task first', 'terminal first']) {
    const { opened, lines, pass } = gate();
    const task: EndedCommand = {
      ...ENDED,
      confidence: 'task',
      exitCode: 1,
      startedAt: ENDED.startedAt + 300,
    };
    const terminal: EndedCommand = { ...ENDED, line: "'goose' up", exitCode: undefined, output: 'out' };
    for (const run of order === 'task first' ? [task, terminal] : [terminal, task]) opened.offer(run);
    pass();
    assert.deepEqual(lines, ['task 1 out'], order);
  }
});

test('a twin that comes late is known too', () => {
  const { opened, lines, pass } = gate();
  opened.offer({ ...ENDED, confidence: 'task' });
  pass();
  opened.offer(ENDED);
  pass();
  assert.equal(lines.length, 1);
});

test('the same command twice in a terminal is two runs', () => {
  const { opened, lines, pass } = gate();
  opened.offer(ENDED);
  opened.offer({ ...ENDED, startedAt: ENDED.startedAt + 10 });
  pass();
  assert.equal(lines.length, 2);
});

test('what is held is told at the end', () => {
  const { opened, lines } = gate();
  opened.offer(ENDED);
  opened.dispose();
  assert.equal(lines.length, 1);
});

async function* chunks(...texts: string[]) {
  yield* texts;
}

test('output is kept from its end, and whole only where it is', async () => {
  const never = new Promise(() => undefined);
  const small = await new OutputReader(chunks('a', 'b')).end(never);
  assert.deepEqual(small, { output: 'ab', outputWhole: true });
  const large = await new OutputReader(chunks('x'.repeat(300_000), 'end')).end(never);
  assert.ok(large.output.endsWith('end') && large.output.length < 300_000);
  assert.equal(large.outputWhole, false);
  const none = await new OutputReader(chunks()).end(never);
  assert.equal(none.outputWhole, false);
});
