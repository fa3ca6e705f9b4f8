import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keptInMemory } from '../../../core/kept.ts';
import { DEFAULT_SETTINGS, SettingsKeeper } from '../../../core/settings/settings.ts';

const changes = [
  { change: {}, gives: {} },
  { change: { retentionDays: 90 }, gives: { retentionDays: 90 } },
  { change: { mutedAlerts: ['anomaly'] }, gives: { mutedAlerts: ['anomaly'] } },
  {
    change: { retrain: { everyLabels: 5 } },
    gives: { retrain: { ...DEFAULT_SETTINGS.retrain, everyLabels: 5 } },
  },
  { change: { maxMemoryMb: 128 }, gives: { maxMemoryMb: 128 } },
] as const;

for (const { change, gives } of changes) {
  test(`settings: ${JSON.stringify(change)} changes that only, and is there after a restart`, () => {
    const kept = keptInMemory();
    const keeper = new SettingsKeeper(kept);
    const expected = { ...DEFAULT_SETTINGS, ...gives };
    assert.deepEqual(keeper.update(structuredClone(change) as Parameters<typeof keeper.update>[0]), expected);
    assert.deepEqual(keeper.current(), expected);
    assert.deepEqual(new SettingsKeeper(kept).current(), expected);
  });
}

test('settings: null takes the retention away again', () => {
  const keeper = new SettingsKeeper(keptInMemory({ ...DEFAULT_SETTINGS, retentionDays: 30 }));
  assert.deepEqual(keeper.update({ retentionDays: null }), DEFAULT_SETTINGS);
});

test('settings: a default from outside holds until somebody chooses', () => {
  const kept = keptInMemory();
  assert.equal(new SettingsKeeper(kept, { maxMemoryMb: 96 }).current().maxMemoryMb, 96);
  new SettingsKeeper(kept, { maxMemoryMb: 96 }).update({ maxMemoryMb: 256 });
  assert.equal(new SettingsKeeper(kept, { maxMemoryMb: 96 }).current().maxMemoryMb, 256);
});

test('settings: what cannot be understood is not used, and said', () => {
  const keeper = new SettingsKeeper(keptInMemory({ retentionDays: -1 }));
  assert.deepEqual(keeper.current(), DEFAULT_SETTINGS);
  assert.match(keeper.problem ?? '', /retentionDays/);
});

test('settings: whoever listens hears of a change until it ends', () => {
  const keeper = new SettingsKeeper(keptInMemory());
  const heard: number[] = [];
  const end = keeper.onChanged(({ maxMemoryMb }) => heard.push(maxMemoryMb));
  keeper.update({ maxMemoryMb: 100 });
  end();
  keeper.update({ maxMemoryMb: 200 });
  assert.deepEqual(heard, [100]);
});
