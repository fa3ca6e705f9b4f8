import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { temporaryDataFolder, temporaryFolder } from '../../support/temp.ts';

const AIBOS = fileURLToPath(new URL('../../../core/node/cli/aibos.ts', import.meta.url));

test('export, erase, undo, keys and the audit trail from the command line', (t) => {
  const folder = temporaryDataFolder(t).path;
  const aibos = (args: string[], input = '') => {
    const given = ['--data-dir', folder, ...args];
    const { status, stdout, stderr } = spawnSync(process.execPath, [AIBOS, ...given], {
      encoding: 'utf8',
      input,
    });
    return { code: status, out: stdout, err: stderr };
  };
  const user = 'dev-aaaaaa';
  const event = { type: 'user_interaction', source: 't', data: { action: 'x' }, metadata: { user } };
  aibos(['record', '--file', '-'], `${JSON.stringify(event)}\n${JSON.stringify(event)}\n`);
  const file = join(temporaryFolder(t), 'mine.ndjson');
  assert.equal(aibos(['export', '--user', user, '-o', file]).code, 0);
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  assert.deepEqual(
    lines.map((line) => (JSON.parse(line) as typeof event).metadata.user),
    [user, user],
  );
  const unasked = aibos(['erase', '--user', user]);
  assert.deepEqual([unasked.code, /needs --yes/.test(unasked.err)], [2, true]);
  const order = JSON.parse(aibos(['erase', '--user', user, '--yes', '--format', 'json']).out);
  assert.deepEqual([order.events, order.done], [2, false]);
  assert.doesNotMatch(aibos(['export', '--user', user]).out, /user_interaction/);
  assert.match(aibos(['erase', '--undo', order.id]).out, /2 events can be seen again/);
  assert.match(aibos(['erase', '--user', user, '--yes', '--now']).out, /2 events erased/);
  assert.equal(aibos(['erase', '--user', user, '--yes']).code, 1);

  const { key, secret } = JSON.parse(
    aibos(['keys', 'create', 'ci', '--role', 'recorder', '--format', 'json']).out,
  );
  assert.match(secret, new RegExp(`^aibos_${key.id}_`));
  assert.match(aibos(['keys', 'list']).out, /ci {2}recorder {2}no end {2}never used/);
  assert.deepEqual([aibos(['keys', 'revoke', key.id]).code, aibos(['keys', 'revoke', key.id]).code], [0, 1]);

  const verified = JSON.parse(aibos(['audit', 'verify', '--format', 'json']).out);
  assert.equal(verified.intact, true);
  assert.equal(aibos(['audit', 'verify', '--head', verified.head]).code, 0);
  assert.equal(aibos(['audit', 'verify', '--head', 'f'.repeat(64)]).code, 1);
  assert.match(aibos(['audit', 'list']).out, /keys\.revoke {2}done/);
});
