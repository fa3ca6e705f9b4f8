import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PredictionRecord, QueueItem } from '../../core/contract/prediction.ts';
import { asksFor } from '../../webview/feedback/answer.ts';

const item: QueueItem = { kind: 'surprising', eventId: 'e', title: 't', because: 'b', teaches: 1 };
const prediction = (said: Partial<PredictionRecord>) => ({ ...item, prediction: said as PredictionRecord });

test('only answers that compare with what was predicted are offered', () => {
  const cases: [QueueItem, string][] = [
    [item, 'outcome duration'],
    [prediction({ failureProbability: 0.4 }), 'outcome'],
    [prediction({ durationMs: { p10: 1, p50: 2, p90: 3 } }), 'duration'],
    [prediction({ failureProbability: 0.4, durationMs: { p10: 1, p50: 2, p90: 3 } }), 'outcome duration'],
    [{ ...item, kind: 'anomaly', anomalyId: 'a' }, ''],
  ];
  for (const [one, offered] of cases) {
    const { outcome, duration } = asksFor(one);
    assert.equal([outcome && 'outcome', duration && 'duration'].filter(Boolean).join(' '), offered);
  }
});
