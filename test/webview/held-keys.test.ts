/** A shortcut that waits for its field, without a document. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { HeldKeys } from '../../webview/shortcuts/held-keys.ts';

function heldAfter(...keys: string[]): HeldKeys {
  const held = new HeldKeys();
  held.hold('/');
  for (const key of keys) held.type(key);
  return held;
}

describe('held keys', () => {
  test('keep what is typed for the field, once', () => {
    const held = heldAfter('g', 'Shift', 'O', 'x', 'Backspace');
    assert.equal(held.release('j'), undefined, 'another key is not waited for');
    assert.equal(held.release('/'), 'gO');
    assert.equal(held.release('/'), undefined);
  });

  test('end with any key that types nothing', () => {
    for (const key of ['Escape', 'Enter', 'Tab', 'ArrowDown'])
      assert.equal(heldAfter('a', key).waiting, false, key);
  });

  test('that were dropped wait for nothing', () => {
    const held = heldAfter('a');
    held.drop();
    assert.equal(held.waiting, false);
    assert.equal(held.release('/'), undefined);
  });
});
