import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { RULES } from '../../../core/check/rules/all.ts';
import {
  checkSeverities,
  GOVERNANCE_RULES,
  levelOf,
  readManifest,
} from '../../../core/governance/manifest.ts';
import { manifestSchema } from '../../../scripts/generate.ts';

test('the published JSON schema is that of the code, and knows every rule', () => {
  const file = readFileSync(new URL('../../../docs/aibos.manifest.schema.json', import.meta.url), 'utf8');
  assert.equal(file, manifestSchema(), 'run npm run generate');
  const known = Object.keys(JSON.parse(file).properties.rules.properties);
  assert.deepEqual(known, [...Object.keys(GOVERNANCE_RULES), ...RULES.map(({ id }) => id)]);
  const { contributes } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));
  assert.deepEqual(contributes.jsonValidation, [
    { fileMatch: 'aibos.manifest.json', url: './docs/aibos.manifest.schema.json' },
  ]);
});

test('the example of the documentation and the manifest of the sample project can be read', () => {
  const page = readFileSync(new URL('../../../docs/governance.md', import.meta.url), 'utf8');
  const example = /```json\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
  const sample = readFileSync(
    new URL('../../../docs/sample-project/aibos.manifest.json', import.meta.url),
    'utf8',
  );
  for (const text of [example, sample]) {
    const read = readManifest(text);
    assert.ok('manifest' in read, JSON.stringify(read));
  }
  for (const rule of Object.keys(GOVERNANCE_RULES)) assert.ok(page.includes(`\`${rule}\``), rule);
});

const FAULTS: [string, string, [string, RegExp][]][] = [
  ['no JSON', '{"version":1,', [['', /^is not valid JSON/]]],
  ['another version', '{"version":2}', [['/version', /^is 2; it must be 1$/]]],
  ['no version', '{}', [['/version', /^is missing; add "version": 1$/]]],
  [
    'several at once',
    '{"version":1,"foo":1,"rules":{"namin":"warn","naming":"maybe"},"retention":[{"tables":["a"],"days":0}]}',
    [
      ['/foo', /^is not known; remove it; known here: /],
      ['/rules/namin', /^is not known; did you mean naming\?$/],
      ['/rules/naming', /^is "maybe"; use one of off, warn, fail$/],
      ['/retention/0/column', /^is missing/],
      ['/retention/0/days', /it is 0$/],
    ],
  ],
  [
    'a name of before',
    '{"version":1,"tableNaming":"^a"}',
    [['/tableNaming', /^is called naming\.tables now$/]],
  ],
  [
    'no regular expression',
    '{"version":1,"naming":{"tables":"["}}',
    [['/naming/tables', /no regular expression/]],
  ],
  [
    'no such time zone, and a range the wrong way round',
    '{"version":1,"freezes":[{"from":"2026-02-01T00:00","to":"2026-01-01T00:00","timeZone":"Mars/Base","why":"x"}]}',
    [
      ['/freezes/0/timeZone', /^Mars\/Base is no time zone; use an IANA name/],
      ['/freezes/0/to', /is not after 2026-02-01T00:00; swap them$/],
    ],
  ],
  [
    'an approver who is none',
    '{"version":1,"approvers":["Ana"],"approvals":[{"rule":"naming","by":"Bo","why":"x","until":"2026-01-01"}]}',
    [['/approvals/0/by', /^Bo is not among the approvers/]],
  ],
  [
    'an approval without its parts',
    '{"version":1,"approvals":[{"rule":"naming"}]}',
    [
      ['/approvals/0/by', /missing/],
      ['/approvals/0/until', /missing/],
      ['/approvals/0/why', /missing/],
    ],
  ],
  [
    'a tag that is asked for and not named',
    '{"version":1,"personalData":{"columns":["email"],"require":["tag","retention"]}}',
    [
      ['/personalData/tag', /say which/],
      ['/retention', /say how long/],
    ],
  ],
];

for (const [name, text, expected] of FAULTS) {
  test(`faults of a manifest: ${name}`, () => {
    const read = readManifest(text);
    assert.ok('faults' in read);
    assert.deepEqual(
      read.faults.map(({ pointer }) => pointer).sort(),
      expected.map(([pointer]) => pointer).sort(),
    );
    for (const [pointer, message] of expected) {
      assert.match(read.faults.find((fault) => fault.pointer === pointer)?.message ?? '', message);
      assert.ok(read.problem.includes(pointer));
    }
  });
}

test('more faults than a validator usually names are all named', () => {
  const columns = Array.from({ length: 40 }, () => 1);
  const read = readManifest(JSON.stringify({ version: 1, protectedTables: columns }));
  assert.ok('faults' in read);
  assert.equal(read.faults.length, 40);
});

test('rules are set by id, those of aibos check too', () => {
  const read = readManifest(
    '{"version":1,"lockTimeout":{"max":"5s"},"rules":{"naming":"fail","index-not-concurrent":"off"}}',
  );
  assert.ok('manifest' in read);
  assert.equal(levelOf(read.manifest, 'naming'), 'fail');
  assert.equal(levelOf(read.manifest, 'lock-timeout'), 'warn', 'asked for by lockTimeout');
  assert.equal(levelOf({ version: 1 }, 'lock-timeout'), 'off');
  assert.deepEqual(checkSeverities(read.manifest), { 'index-not-concurrent': 'off' });
});
