import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { LogFile } from '../../desktop/main/log-file.ts';
import { temporaryFolder } from '../support/temp.ts';

test('a line of the log has its time, and no text can pretend to be another line', (t) => {
  const log = new LogFile(join(temporaryFolder(t), 'logs'));
  log.write('first');
  log.write('second\n2026-01-01T00:00:00.000Z forged\r\nand more\n');
  const lines = readFileSync(log.path, 'utf8').trimEnd().split('\n');
  assert.equal(lines.length, 4);
  assert.match(lines[0] ?? '', /^\d{4}-\d\d-\d\dT[\d:.]+Z first$/);
  assert.deepEqual(lines.slice(2), ['    2026-01-01T00:00:00.000Z forged', '    and more']);
  if (process.platform !== 'win32') assert.equal(statSync(log.path).mode & 0o077, 0);
});

test('a full log becomes the one before, and the next start goes on in the same file', (t) => {
  const folder = temporaryFolder(t);
  const log = new LogFile(folder);
  do log.write('x'.repeat(10_000));
  while (statSync(log.path).size <= 1024 * 1024);
  log.write('after the turn');
  const before = readFileSync(join(folder, 'desktop.1.log'), 'utf8');
  assert.ok(before.length > 1024 * 1024 && before.length < 1024 * 1024 + 8_100);
  new LogFile(folder).write('after the start');
  assert.match(readFileSync(log.path, 'utf8'), /^\S+ after the turn\n\S+ after the start\n$/);
});

test('a log that cannot be written stops nothing', (t) => {
  const folder = join(temporaryFolder(t), 'logs');
  const log = new LogFile(folder);
  rmSync(folder, { recursive: true });
  t.mock.method(process.stderr, 'write', () => true);
  log.write('lost');
  assert.equal(existsSync(log.path), false);
});
