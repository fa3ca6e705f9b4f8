/** `aibos check` as people and programs call it: real processes, each output format, exit codes. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import Type from 'typebox';
import { check as validate } from '../../../core/events/validate.ts';
import { temporaryFolder } from '../../support/temp.ts';
import { writeTree } from '../../support/tree.ts';

const AIBOS = fileURLToPath(new URL('../../../core/node/cli/aibos.ts', import.meta.url));

function scene(t: TestContext) {
  const folder = temporaryFolder(t);
  writeTree(folder, {
    'm/001_a.sql': 'CREATE TABLE a (id int PRIMARY KEY, name text);\n',
    'm/002_b.sql': '\n\tCREATE INDEX a_name ON a (name);\nALTER TABLE b ADD COLUMN x int;\n',
    'stats.json': JSON.stringify({
      version: 1,
      dialect: 'postgres',
      serverVersion: '15.18',
      tables: [
        {
          relation: 'public.a',
          rows: 3_000_000,
          bytes: 900_000_000,
          indexBytes: 100_000_000,
          columns: [{ name: 'name', nullFraction: 0, distinct: 40, avgWidth: 20 }],
        },
      ],
    }),
  });
  const run = (args: string[], input = '') => {
    const env = { ...process.env, AIBOS_DATA_DIR: join(folder, 'data'), NO_COLOR: '1' };
    const { status, stdout, stderr } = spawnSync(process.execPath, [AIBOS, 'check', ...args], {
      env,
      input,
      encoding: 'utf8',
      cwd: folder,
    });
    return { code: status, stdout, stderr };
  };
  return { folder, run };
}

test('the format that outside tools rely on, with the shadow’s real error', (t) => {
  const { run } = scene(t);
  const { code, stdout, stderr } = run(['m', '--format', 'json']);
  assert.equal(code, 1, stderr);
  const { version, files } = JSON.parse(stdout);
  assert.deepEqual(
    [version, files.map(({ path }: { path: string }) => path)],
    [1, [join('m', '001_a.sql'), join('m', '002_b.sql')]],
  );
  const [create] = files[0].statements;
  assert.deepEqual(
    { ...create, durationMs: Object.keys(create.durationMs), failureProbability: 0 },
    {
      index: 0,
      line: 1,
      endLine: 1,
      kind: 'Create',
      operations: ['create_table'],
      objects: ['public.a'],
      locks: [],
      rewrites: [],
      scans: [],
      blocks: 'nothing',
      findings: [],
      failureProbability: 0,
      durationMs: ['p10', 'p50', 'p90'],
      basis: ['rules', 'shadow', 'prior'],
    },
  );
  const [index, missing] = files[1].statements;
  assert.deepEqual(index.locks, [{ relation: 'public.a', mode: 'SHARE' }]);
  assert.deepEqual(index.findings, [
    {
      rule: 'index-not-concurrent',
      severity: 'warning',
      message: 'Building an index on public.a keeps writes to it waiting until it is done.',
      fix: '-- Outside of a transaction.\nCREATE INDEX CONCURRENTLY a_name ON a (name);',
      line: 2,
      column: 15,
      endColumn: 21,
      relation: 'public.a',
    },
  ]);
  assert.deepEqual(
    missing.findings.map(({ rule, message }: Record<string, string>) => [rule, message]),
    [['fails-in-shadow', 'relation "b" does not exist (SQLSTATE 42P01)']],
  );
  assert.ok(missing.failureProbability > 0.9 && create.failureProbability < 0.1);
  assert.equal(run(['m', '--format', 'json']).stdout, stdout, 'warm is as cold');

  const second = run([join('m', '002_b.sql'), '--history', 'm', '--format', 'json', '--no-shadow']);
  assert.deepEqual(
    JSON.parse(second.stdout).files.map(({ path }: { path: string }) => path),
    [join('m', '002_b.sql')],
  );
});

test('text shows the line and underlines the place; statistics change severity, time and risk', (t) => {
  const { run } = scene(t);
  const plain = run([join('m', '002_b.sql'), '--history', 'm', '--no-shadow']);
  assert.equal(plain.code, 0, 'a warning does not fail by default');
  assert.equal(
    plain.stdout,
    `warning[index-not-concurrent]: Building an index on public.a keeps writes to it waiting until it is done.
 --> m/002_b.sql:2:15
  |
2 |  CREATE INDEX a_name ON a (name);
  |               ^^^^^^
  = SHARE on public.a; about 200 ms (2 ms to 2 min); 3 % may fail; nobody knows the size of public.a
  = aibos check --explain index-not-concurrent
   = do this instead:
       -- Outside of a transaction.
       CREATE INDEX CONCURRENTLY a_name ON a (name);

1 file, 2 statements: 1 warning.
`,
  );
  const large = run(['m', '--no-shadow', '--stats', 'stats.json']);
  assert.equal(large.code, 1);
  assert.match(large.stdout, /^error\[index-not-concurrent\]/);
  assert.match(large.stdout, /SHARE on public\.a; about [\d.]+ s \([\d.]+ s to [\d.]+ s\)/);
  const unique = run(
    [
      '-',
      '--history',
      'm',
      '--no-shadow',
      '--stats',
      'stats.json',
      '--fail-on',
      'risk>=0.9',
      '--format',
      'json',
    ],
    'ALTER TABLE a ADD CONSTRAINT u UNIQUE (name);',
  );
  assert.equal(unique.code, 1, 'forty different names in three million rows');
  const [file] = JSON.parse(unique.stdout).files;
  assert.equal(file.path, 'stdin');
  assert.ok(file.statements[0].failureProbability > 0.9);
});

test('exit codes: --fail-on, and calls that cannot be used', (t) => {
  const { run, folder } = scene(t);
  const file = [join('m', '002_b.sql'), '--history', 'm', '--no-shadow'];
  const code = (...more: string[]) => run([...file, ...more]).code;
  assert.deepEqual(
    [code(), code('--fail-on', 'warning'), code('--fail-on', 'never'), code('--fail-on', 'risk>=0.01')],
    [0, 1, 0, 1],
  );
  assert.equal(code('--rule', 'index-not-concurrent=off', '--fail-on', 'info'), 0);
  writeFileSync(join(folder, 'bad.json'), '{"version":1}');
  for (const [args, message] of [
    [['nowhere'], /There is no file or folder nowhere/],
    [[], /Name the files or folders to check/],
    [['m', '--fail-on', 'much'], /--fail-on is “much”/],
    [['m', '--rule', 'x'], /RULE=off/],
    [['m', '--pg-version', 'new'], /version such as 15/],
    [['m', '--stats', 'bad.json'], /holds no table statistics/],
  ] as const) {
    const { code, stderr } = run([...args]);
    assert.equal(code, 2, args.join(' '));
    assert.match(stderr, message);
  }
  const explained = run(['--explain', 'drop-column']);
  assert.equal(explained.code, 0);
  assert.match(explained.stdout, /^# drop-column: /);
  assert.equal(run(['--explain', 'nonsense']).code, 2);
  const rules = run(['--rules']);
  assert.equal(rules.code, 0);
  assert.match(rules.stdout, /^index-not-concurrent +warning +Index built/m);
});

/** The parts of SARIF 2.1.0 (OASIS, sarif-schema-2.1.0.json) that are written, closed: nothing else may stand there. */
const closed = <P extends Type.TProperties>(properties: P) =>
  Type.Object(properties, { additionalProperties: false });
const Level = Type.Enum(['none', 'note', 'warning', 'error']);
const Text = closed({ text: Type.String({ minLength: 1 }) });
const Place = Type.Integer({ minimum: 1 });
const Sarif = closed({
  $schema: Type.Literal('https://json.schemastore.org/sarif-2.1.0.json'),
  version: Type.Literal('2.1.0'),
  runs: Type.Array(
    closed({
      tool: closed({
        driver: closed({
          name: Type.String({ minLength: 1 }),
          version: Type.String(),
          rules: Type.Array(
            closed({
              id: Type.String(),
              shortDescription: Text,
              fullDescription: Text,
              help: Text,
              helpUri: Type.Optional(Type.String({ pattern: '^https://' })),
              defaultConfiguration: closed({ level: Level, enabled: Type.Boolean() }),
            }),
            { minItems: 1, uniqueItems: true },
          ),
        }),
      }),
      columnKind: Type.Enum(['utf16CodeUnits', 'unicodeCodePoints']),
      results: Type.Array(
        closed({
          ruleId: Type.String(),
          ruleIndex: Type.Integer({ minimum: 0 }),
          level: Level,
          message: Text,
          locations: Type.Array(
            closed({
              physicalLocation: closed({
                artifactLocation: closed({ uri: Type.String({ pattern: '^[^\\s\\\\]+$' }) }),
                region: closed({ startLine: Place, startColumn: Place, endColumn: Place }),
              }),
            }),
            { minItems: 1 },
          ),
          partialFingerprints: Type.Record(Type.String(), Type.String()),
          properties: Type.Optional(Type.Object({})),
        }),
      ),
    }),
    { minItems: 1 },
  ),
});

test('SARIF, GitHub annotations and JUnit say the same', (t) => {
  const { run, folder } = scene(t);
  writeFileSync(join(folder, 'm', '003 c,d.sql'), 'SELECT <1> "&";\nDROP TABLE a;\n');
  const run2 = (format: string) => run(['m', '--no-shadow', '--format', format]);
  const sarif = JSON.parse(run2('sarif').stdout);
  const checked = validate(Sarif, sarif);
  assert.ok(checked.ok, JSON.stringify(checked));
  const [{ results, tool }] = sarif.runs;
  assert.deepEqual(
    results.map((result: { ruleId: string; ruleIndex: number; level: string }) => [
      result.ruleId,
      tool.driver.rules[result.ruleIndex].id,
      result.level,
    ]),
    [
      ['index-not-concurrent', 'index-not-concurrent', 'warning'],
      ['syntax-error', 'syntax-error', 'error'],
      ['drop-table', 'drop-table', 'warning'],
    ],
  );
  assert.equal(results[1].locations[0].physicalLocation.artifactLocation.uri, 'm/003%20c%2Cd.sql');

  const lines = run2('github').stdout.trim().split('\n');
  assert.equal(lines.length, 3);
  assert.match(
    lines[0] ?? '',
    /^::warning file=m\/002_b\.sql,line=2,endLine=2,col=15,endColumn=20,title=aibos index-not-concurrent::Building .*%0A/,
  );
  assert.match(lines[1] ?? '', /^::error file=m\/003 c%2Cd\.sql,line=1,/);

  const junit = run2('junit').stdout;
  assert.match(
    junit,
    /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<testsuites name="aibos check" tests="5" failures="1">/,
  );
  assert.match(junit, /<failure type="syntax-error" message="syntax error at or near &quot;&lt;&quot;">/);
  assert.equal(junit.match(/<testcase /g)?.length, 5);
  assert.equal(junit.match(/<testsuite /g)?.length, junit.match(/<\/testsuite>/g)?.length);
});
