/** Databases from images that Node read. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readAsset } from '../../../core/node/assets.ts';
import { loadSqlite } from '../../../core/store/sqlite.ts';

test('a database from an image stays as it is when the buffer of that image is used again', async () => {
  const sqlite = await loadSqlite(await readAsset('sql-wasm.wasm'));
  const imageOf = (value: number) => {
    const made = sqlite.open();
    made.script(`CREATE TABLE t (a); INSERT INTO t VALUES (${value})`);
    const image = made.image();
    made.close();
    return image;
  };
  const [first, second] = [imageOf(1), imageOf(2)];
  const buffer = Buffer.alloc(first.length);
  const opened = [first, second].map((image) => {
    buffer.set(image);
    return sqlite.open(buffer);
  });
  assert.deepEqual(
    opened.map((one) => one.first('SELECT a FROM t', [], ([value]) => value)),
    [1, 2],
  );
  for (const one of opened) one.close();
});
