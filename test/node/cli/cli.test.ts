/** The command line as people use it: real processes, their output, their exit codes. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { cleanup, temporaryFolder } from '../../support/temp.ts';
import { writeTree } from '../../support/tree.ts';

const AIBOS = fileURLToPath(new URL('../../../core/node/cli/aibos.ts', import.meta.url));

interface Run {
  code: number | null;
  stdout: string;
  stderr: string;
}

function cli(dataFolder: string) {
  const env = {
    ...process.env,
    AIBOS_DATA_DIR: dataFolder,
    NO_COLOR: '1',
    AIBOS_DATABASE_URL: '',
    AIBOS_TOKEN: '',
  };
  return {
    run: (args: string[], input = ''): Run => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [AIBOS, ...args], {
        env,
        input,
        encoding: 'utf8',
      });
      return { code: status, stdout, stderr };
    },
    start: (args: string[]): ChildProcess =>
      spawn(process.execPath, [AIBOS, ...args], { env, stdio: ['ignore', 'pipe', 'inherit'] }),
  };
}

function scene(t: TestContext) {
  const folder = temporaryFolder(t);
  writeTree(folder, {
    'project/migrations/001_a.sql': 'CREATE TABLE a (id int PRIMARY KEY, name text);',
    'project/migrations/002_b.sql':
      'ALTER TABLE a ALTER COLUMN name TYPE int USING name::int;\nALTER TABLE b ADD COLUMN x int;',
    'empty/README.md': '',
  });
  return { folder, project: join(folder, 'project'), ...cli(join(folder, 'data')) };
}

async function lines(child: ChildProcess, until: RegExp): Promise<string> {
  let text = '';
  for await (const chunk of child.stdout ?? []) {
    text += String(chunk);
    if (until.test(text)) break;
  }
  return text;
}

test('start imports, summarises and ends; the second time nothing is new', (t) => {
  const { run, project, folder } = scene(t);
  const first = run(['start', project, '--once']);
  assert.equal(first.code, 0, first.stderr);
  assert.match(first.stdout, /project: 2 migrations/);
  assert.match(first.stdout, /1 of 2 applied, 1 failed/);
  assert.match(
    first.stdout,
    /✗ 002_b\n {4}statement 2 of 2: relation "b" does not exist \(SQLSTATE 42P01\)\n {4}migrations\/002_b.sql:2/,
  );
  assert.match(first.stdout, /not enough data: 1 of 40 migrations with a known duration/);
  const second = run(['start', project, '--once', '--format', 'json']);
  const summary = JSON.parse(second.stdout);
  assert.deepEqual([summary.histories[0].applied, summary.failures[0].sqlState], [1, '42P01']);

  const nothing = run(['start', join(folder, 'empty'), '--once']);
  assert.equal(nothing.code, 1);
  assert.match(
    nothing.stdout,
    /No migrations that can be read were found in .*empty\.\nLooked for:\n {2}Prisma/,
  );
  const nowhere = run(['start', join(folder, 'nowhere'), '--once']);
  assert.deepEqual(
    [nowhere.code, nowhere.stderr.trim()],
    [2, `aibos: There is no folder ${join(folder, 'nowhere')}.`],
  );
});

test('start serves the dashboard until Ctrl-C, and ends cleanly', async (t) => {
  const { start, run, project } = scene(t);
  const child = start(['start', project, '--port', '0']);
  cleanup(t, () => {
    child.kill('SIGKILL');
  });
  const text = await lines(child, /Press Ctrl-C/);
  const url = /Dashboard: (http:\/\/127\.0\.0\.1:\d+)\/#code=[\w-]+/.exec(text)?.[1];
  assert.ok(url, text);
  assert.equal((await fetch(`${url}/openapi.json`)).status, 200);
  child.kill('SIGINT');
  const [code] = await once(child, 'exit');
  assert.equal(code, 0);
  const { stdout } = run(['doctor', '--format', 'json']);
  const engine = JSON.parse(stdout).findings.find(({ name }: { name: string }) => name === 'engine');
  assert.equal(engine.state, 'ok');
  assert.match(engine.detail, /no other process has it open/);
});

test('events are recorded from the command line and from lines of JSON', (t) => {
  const { run } = scene(t);
  const one = run(['record', 'user_interaction', '--data', '{"action":"deploy"}', '--workspace', 'w']);
  assert.deepEqual([one.code, one.stdout.trim()], [0, '1 event recorded, 0 already there, 0 refused.']);
  const input = [
    '{"type":"user_interaction","source":"pipe","data":{"action":"a"}}',
    '',
    '{"type":"nonsense","source":"pipe","data":{}}',
    '{"type":"user_interaction","source":"pipe","data":{"action":"b"}}',
  ].join('\n');
  const piped = run(['record', '--format', 'json'], input);
  const result = JSON.parse(piped.stdout);
  assert.deepEqual([piped.code, result.accepted, result.rejected[0].index], [2, 2, 1]);
  assert.match(piped.stderr, /event 2: \/type "nonsense" is unknown/);
  const broken = run(['record'], '{"type":');
  assert.deepEqual([broken.code, /line 1 is not valid JSON/.test(broken.stderr)], [2, true]);
  const missing = run(['record', '--file', '/nowhere/events']);
  assert.deepEqual([missing.code, /cannot be read/.test(missing.stderr)], [2, true]);
  const refused = run(['record', 'user_interaction', '--data', '{}']);
  assert.deepEqual([refused.code, /event 1: \/data\/action is missing/.test(refused.stderr)], [2, true]);
});

test('analyze, train and report work on what was recorded, as text and as JSON', (t) => {
  const { run, project } = scene(t);
  assert.equal(run(['import', project]).code, 0);
  assert.match(run(['analyze']).stdout, /1 of 2 migrations failed/);
  assert.equal(
    JSON.parse(run(['analyze', '--format', 'json', '--from', '2020-01-01']).stdout).insights[0].id,
    'failures',
  );
  assert.match(run(['train', 'error-prediction']).stdout, /not enough data: 2 of 40/);
  assert.match(
    run(['report']).stdout,
    /^# Telemetry report\n[\s\S]*\*\*Migrations\*\*: 2 \(1 succeeded[^)]*\)\n- \*\*Failed\*\*: 1 /,
  );
  assert.equal(JSON.parse(run(['report', '--format', 'json']).stdout).metrics.migrations.failed, 1);
  const bad = run(['train', 'nonsense']);
  assert.deepEqual(
    [bad.code, /There is no model nonsense; there are performance-prediction/.test(bad.stderr)],
    [2, true],
  );
  assert.equal(run(['analyze', '--from', 'monday']).code, 2);
});

test('the command line says what it can do, and what was wrong with a call', (t) => {
  const { run } = scene(t);
  const help = run(['--help']);
  assert.equal(help.code, 0);
  for (const name of [
    'start',
    'serve',
    'check',
    'record',
    'import',
    'analyze',
    'train',
    'report',
    'doctor',
  ]) {
    assert.match(help.stdout, new RegExp(`^ {2}${name} `, 'm'));
    assert.equal(run([name, '--help']).code, 0, name);
  }
  assert.match(help.stdout, /Exit codes:/);
  assert.match(run(['serve', '--help']).stdout, /POST \/api\/telemetry\/events/);
  const calls: [string[], RegExp][] = [
    [['nonsense'], /unknown command/],
    [['start', '--nonsense'], /unknown option/],
    [['serve', '--port', 'x'], /It must be 0 to 65535/],
    [['import'], /missing required argument/],
    [['--format', 'xml', 'train'], /Allowed choices are text, json/],
  ];
  for (const [args, message] of calls) {
    const { code, stderr } = run(args);
    assert.equal(code, 2, args.join(' '));
    assert.match(stderr, message);
  }
});

test('doctor names what is broken and how to mend it, without telling a password', (t) => {
  const { folder } = scene(t);
  const env = {
    ...process.env,
    NO_COLOR: '1',
    AIBOS_DATA_DIR: join(folder, 'data'),
    AIBOS_DATABASE_URL: 'postgres://app:hunter2@127.0.0.1:1/x',
  };
  const { status, stdout } = spawnSync(process.execPath, [AIBOS, 'doctor'], { env, encoding: 'utf8' });
  assert.equal(status, 1);
  assert.match(stdout, /✗ database .*ECONNREFUSED/);
  assert.ok(!stdout.includes('hunter2'));
  writeTree(folder, { 'a-file': '' });
  const unusable = spawnSync(process.execPath, [AIBOS, 'train'], {
    env: { ...env, AIBOS_DATA_DIR: join(folder, 'a-file', 'data') },
    encoding: 'utf8',
  });
  assert.equal(unusable.status, 3);
  assert.match(unusable.stderr, /The data folder .* cannot be made .* Set AIBOS_DATA_DIR to another place/);
});
