import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AIService, type Forecast } from '../../../core/predict/ai-service.ts';

const quiet = { measure: <T>(_name: string, run: () => T) => run() } as ConstructorParameters<
  typeof AIService
>[0];

const facts = (operation: string) => ({
  name: 'm',
  at: 0,
  workspace: 'w',
  author: undefined,
  statements: 1,
  bytes: 10,
  operations: { [operation]: 1 },
  destructive: 0,
  environment: 'shadow' as const,
});
const forecast = (failureProbability: number, p50 = 10): Forecast => ({
  failureProbability,
  reasons: [],
  durationMs: { p10: p50 / 2, p50, p90: p50 * 2 },
});

test('an expected failure stands out, and is believed less after forecasts that did not come true', () => {
  const service = new AIService(quiet);
  for (let i = 0; i < 6; i++)
    service.observe(facts('add_column'), { failed: false, durationMs: undefined }, forecast(0.03));
  const chance = (p: number) => service.predict(facts('add_column'), forecast(p)).failure.failureProbability;
  const before = chance(0.9) ?? 0;
  assert.ok(before > 0.8 && (chance(0.03) ?? 1) < 0.05);
  for (let i = 0; i < 10; i++)
    service.observe(facts('add_column'), { failed: false, durationMs: undefined }, forecast(0.9));
  assert.ok((chance(0.9) ?? 1) < before / 2);
});

test('a kind that was never seen gets the forecast duration at the speed of this machine', () => {
  const service = new AIService(quiet);
  const ask = () => service.predict(facts('create_index'), forecast(0.03, 100)).duration;
  assert.equal(ask().abstained, true);
  for (let i = 0; i < 6; i++)
    service.observe(facts('add_column'), { failed: false, durationMs: 30 }, forecast(0.03, 10));
  assert.equal(ask().durationMs?.p50, 300);
  assert.deepEqual(ask().basis, ['prior', 'outcomes']);
});
