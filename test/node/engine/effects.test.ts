/** What an answer changed is told again in the history of answers: after a restart too, and not once it was erased. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TelemetryEvent } from '../../../core/contract/event.ts';
import type { FeedbackEffect } from '../../../core/contract/feedback.ts';
import { keptInMemory } from '../../../core/kept.ts';
import { EffectLog } from '../../../core/learn/effect-log.ts';
import { feedbackOf } from '../../../core/learn/feedback.ts';
import { startEngine } from '../../support/engine.ts';
import { temporaryDataFolder } from '../../support/temp.ts';
import { recordHistory } from '../../webview/data.ts';

test('the history says what was judged and what that changed, also after a restart', async (t) => {
  const folder = temporaryDataFolder(t);
  const first = await startEngine(t, folder);
  const { predictions } = await recordHistory(first.client, 40);
  const eventId = predictions[9] ?? '';
  const given = await first.client.call('feedback.provide', { eventId, actualOutcome: { durationMs: 900 } });
  assert.match(given.effect?.moved ?? '', /^Performance prediction/);
  await first.session.close('restart');

  const { client } = await startEngine(t, folder);
  const [told] = (await client.call('feedback.list', {})).items;
  assert.deepEqual(told?.effect, given.effect);
  assert.match(told?.subject ?? '', /^20\d{6}_/);
  const [about] = (await client.call('feedback.list', { eventId })).items;
  assert.deepEqual(about?.effect, given.effect);
});

test('a verdict about an anomaly tells what it did to the threshold', () => {
  const event = (data: object) =>
    ({
      id: 'f',
      timestamp: '2026-11-20T09:00:00.000Z',
      metadata: {},
      data: { eventId: 'e', actualOutcome: 'not an anomaly', ...data },
    }) as unknown as TelemetryEvent<'learning_feedback'>;
  const verdict = { thresholdBefore: 0.5, thresholdAfter: 0.556 };
  assert.deepEqual(feedbackOf(event({ verdict })).threshold, { before: 0.5, after: 0.556 });
  assert.equal(feedbackOf(event({})).threshold, undefined);
});

test('effects are bounded, and go with the answers that are erased', () => {
  const kept = keptInMemory();
  const log = new EffectLog(kept);
  const effect: FeedbackEffect = {
    modelId: 'error-prediction',
    modelVersion: '1',
    newLabels: 1,
    neededLabels: 20,
  };
  for (let i = 0; i < 1_010; i++) log.note(`answer-${i}`, effect);
  assert.deepEqual([log.of('answer-9'), log.of('answer-10')], [undefined, effect]);
  log.forget((id) => id !== 'answer-500');
  const again = new EffectLog(kept);
  assert.deepEqual([again.of('answer-500'), again.of('answer-501')], [undefined, effect]);
  assert.equal(new EffectLog(keptInMemory({ effects: [['broken', null]] })).of('broken'), undefined);
});
