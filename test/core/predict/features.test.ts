import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { DANGER_FEATURES } from '../../../core/predict/failure-model.ts';
import { FEATURES } from '../../../core/predict/features.ts';

test('docs/prediction.md holds every feature with its unit, and no other', () => {
  const text = readFileSync(new URL('../../../docs/prediction.md', import.meta.url), 'utf8');
  const shown = text.slice(text.indexOf('## Features of durations')).match(/^\| .* \|$/gm) ?? [];
  const rows = [...FEATURES, ...DANGER_FEATURES].map(
    ({ name, unit, about }) => `| ${name} | ${unit} | ${about} |`,
  );
  // The formatter lines the columns up.
  const narrow = shown.map((line) => line.replace(/ +/g, ' '));
  const isHead = (line: string) => /^\| (?:feature|-+) /.test(line);
  assert.deepEqual(
    narrow.filter((line) => !isHead(line)),
    rows,
  );
});
