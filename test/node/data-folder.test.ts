import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TelemetryError } from '../../core/contract/errors.ts';
import { MEMORY_VARIABLE, maxMemoryMb } from '../../core/node/data-folder.ts';

test('the memory cap is what the environment says, the store’s own where it says nothing', () => {
  assert.equal(maxMemoryMb({}), undefined);
  assert.equal(maxMemoryMb({ [MEMORY_VARIABLE]: '' }), undefined);
  assert.equal(maxMemoryMb({ [MEMORY_VARIABLE]: '128' }), 128);
});

test('a cap that is no number of megabytes is refused, with the variable that says it', () => {
  for (const given of ['512MB', '-1', '1.5', 'much'])
    assert.throws(
      () => maxMemoryMb({ [MEMORY_VARIABLE]: given }),
      (error) => TelemetryError.is(error, 'invalid-request') && error.message.includes(MEMORY_VARIABLE),
    );
});
