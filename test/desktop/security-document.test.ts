import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const DOCUMENT = new URL('../../desktop/SECURITY.md', import.meta.url);
const text = readFileSync(DOCUMENT, 'utf8');
const items = text.split(/^(?=\d+\. )/m).slice(1);

test('all 20 items of Electron’s checklist are answered, in order', () => {
  assert.deepEqual(
    items.map((item) => Number.parseInt(item, 10)),
    Array.from({ length: 20 }, (_, i) => i + 1),
  );
});

for (const [i, item] of items.entries()) {
  test(`item ${i + 1} names its code, its test and where it is checked`, () => {
    assert.match(item, /^ +- Code: \[/m);
    assert.match(item, /^ +- Checked in: /m);
    assert.match(item, /^ +- Test: \[[^\]]+\]\(\.\.\/test\/desktop\/[\w-]+\.test\.ts\)$/m);
  });
}

/** Links to files: the code or the title of the test that must stand there, and the file. */
const references = [...text.matchAll(/\[[`"]([^\]]+)[`"]\]\(([^)]+)\)/g)];
for (const [, what = '', file = ''] of references) {
  test(`${file} still has ${what}`, () => {
    assert.ok(readFileSync(new URL(file, DOCUMENT), 'utf8').includes(what));
  });
}
