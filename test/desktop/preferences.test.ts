import assert from 'node:assert/strict';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { type Preferences, readPreferences, writePreferences } from '../../desktop/main/preferences.ts';
import { temporaryFolder } from '../support/temp.ts';

const FIRST: Preferences = {
  window: { width: 1280, height: 860, maximized: false },
  theme: 'system',
  notifications: true,
  updates: { automatic: false },
};

test('preferences come back as they were saved, readable by their owner only', (t) => {
  const path = join(temporaryFolder(t), 'desktop', 'preferences.json');
  const saved: Preferences = {
    window: { x: 3, y: 4, width: 800, height: 600, maximized: true },
    theme: 'dark',
    route: '#/models',
    notifications: false,
    updates: { automatic: true, feed: 'https://updates.example.org/aibos/' },
  };
  writePreferences(path, saved, assert.fail);
  assert.deepEqual(readPreferences(path), saved);
  if (process.platform !== 'win32') assert.equal(statSync(path).mode & 0o077, 0);
});

for (const content of ['', '{', 'null', '[]', '"text"', '{"theme":"pink","window":7,"route":"x"}']) {
  test(`a file with ${content || 'nothing'} in it is as on the first run`, (t) => {
    const path = join(temporaryFolder(t), 'preferences.json');
    writeFileSync(path, content);
    assert.deepEqual(readPreferences(path), FIRST);
  });
}

test('a place that cannot be written to is reported, and no more', (t) => {
  const path = join(temporaryFolder(t), 'desktop', 'preferences.json');
  mkdirSync(dirname(dirname(path)), { recursive: true });
  writeFileSync(dirname(path), 'a file where the folder should be');
  const lines: string[] = [];
  writePreferences(path, FIRST, (line) => lines.push(line));
  assert.match(lines.join('\n'), /^preferences not saved: /);
  assert.deepEqual(readPreferences(path), FIRST);
});
