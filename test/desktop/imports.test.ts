import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Imports, outcomeText } from '../../desktop/main/imports.ts';
import { supervised } from './support/fake-host.ts';

function importing() {
  const { supervisor, host } = supervised();
  supervisor.start();
  const said: string[] = [];
  const shares: (number | undefined)[] = [];
  const imports = new Imports({
    supervisor,
    progress: (progress) => shares.push(progress?.share),
    tell: (title, text) => said.push(`${title}: ${text}`),
  });
  return { imports, host, said, shares };
}

test('an import shows progress and what came of it; a second one waits for a click', () => {
  const { imports, host, said, shares } = importing();
  host().ready();
  imports.begin('/shop');
  const [message] = host().received;
  assert.deepEqual(message, { kind: 'import', id: 1, root: '/shop' });
  imports.begin('/mill');
  host().say({ kind: 'import-progress', id: 1, place: 'db', done: 3, total: 4, name: '004' });
  host().say({ kind: 'import-progress', id: 9, place: 'db', done: 1, total: 4, name: 'of another' });
  host().say({
    kind: 'import-done',
    id: 1,
    outcome: { histories: 1, imported: 4, failed: 1, cancelled: false },
  });
  assert.deepEqual(shares, [0, 0.75, undefined]);
  assert.deepEqual(said, [
    'One import at a time: /shop is being imported.',
    'Imported: 4 migrations, 1 of them failed.',
  ]);
  assert.equal(imports.isRunning, false);
});

test('an import ends with its engine, and says so', () => {
  const { imports, host, said, shares } = importing();
  imports.begin('/shop');
  host().ready();
  imports.begin('/shop');
  imports.cancel();
  assert.deepEqual(host().received.at(-1), { kind: 'cancel-import', id: 1 });
  host().exit(1);
  assert.deepEqual([said.length, shares.at(-1), imports.isRunning], [2, undefined, false]);
  assert.match(said[0] ?? '', /not ready yet/);
  assert.match(said[1] ?? '', /What was recorded is kept/);
});

const none = { histories: 1, imported: 0, failed: 0, cancelled: false };
for (const [outcome, title] of [
  [{ ...none, histories: 0 }, 'No migrations found'],
  [none, 'Nothing new'],
  [{ ...none, imported: 2, cancelled: true }, 'Import cancelled'],
  [{ ...none, imported: 1 }, 'Imported'],
] as const)
  test(`an import that ends as ${JSON.stringify(outcome)} is “${title}”`, () =>
    assert.equal(outcomeText(outcome)[0], title));
