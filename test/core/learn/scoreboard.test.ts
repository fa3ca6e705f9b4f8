/** The scoreboard and the queue of questions over many predictions: the textbook's figures, made in small steps. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AccuracyReport } from '../../../core/contract/accuracy.ts';
import type { TelemetryEvent } from '../../../core/contract/event.ts';
import { areaUnder, cutsOf } from '../../../core/learn/curves.ts';
import { feedbackQueue } from '../../../core/learn/feedback-queue.ts';
import { Ledger } from '../../../core/learn/ledger.ts';
import type { Entry } from '../../../core/learn/ledger-entry.ts';
import { auc, brier } from '../../../core/learn/metrics.ts';
import { RunningMedian } from '../../../core/learn/running-median.ts';
import { accuracyReport } from '../../../core/learn/scoreboard.ts';
import { median, seededRandom, significant } from '../../../core/numbers.ts';
import { type Steps, sorted } from '../../../core/steps.ts';
import { atOnce } from '../../support/steps.ts';

const START = Date.parse('2026-01-01T00:00:00Z');
const DAY = 86_400_000;
const idOf = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;

/** Counts how often a prediction is looked at. */
class WatchedLedger extends Ledger {
  looks = 0;

  override truth(entry: Entry) {
    this.looks++;
    return super.truth(entry);
  }

  override state(entry: Entry) {
    this.looks++;
    return super.state(entry);
  }
}

/** Predictions of failures and of durations, four in five with their outcome, which come in another order. */
function ledgerOf(count: number): WatchedLedger {
  const random = seededRandom(count);
  const ledger = new WatchedLedger();
  let sequence = 0;
  const take = (type: string, id: string, at: number, data: object) =>
    ledger.take({
      id,
      type,
      source: 'test',
      timestamp: new Date(at).toISOString(),
      sequence: ++sequence,
      data,
      metadata: { workspace: 'w' },
    } as TelemetryEvent);
  for (let n = 0; n < count; n++) {
    const p50 = Math.exp(random() * 8);
    take('ai_prediction', idOf(n), START + n, {
      modelId: n % 2 === 0 ? 'error-prediction' : 'performance-prediction',
      modelVersion: String(1 + (n % 3)),
      subject: `m${n}`,
      subjectType: 'migration',
      confidence: 0.5,
      ...(n % 2 === 0
        ? { failureProbability: Math.round(random() * 50) / 50 }
        : { durationMs: { p10: p50 / 3, p50, p90: p50 * 3 } }),
    });
    if (random() < 0.2) continue;
    take('migration_execution', idOf(1_000_000 + n), START + random() * 90 * DAY, {
      migration: `m${n}`,
      outcome: random() < 0.3 ? 'failed' : 'succeeded',
      durationMs: Math.exp(random() * 8),
    });
  }
  return ledger;
}

/** The most looks between two steps. */
function longestStep<T>(ledger: WatchedLedger, steps: Steps<T>): number {
  let most = 0;
  for (let before = 0; ; before = ledger.looks) {
    const done = steps.next().done;
    most = Math.max(most, ledger.looks - before);
    if (done) return most;
  }
}

test('figures over thousands of outcomes are those of the textbook', () => {
  const ledger = ledgerOf(6_000);
  const report: AccuracyReport = atOnce(accuracyReport(ledger, {}, START));
  const inTime = [...ledger.entries.values()]
    .filter(({ run }) => run)
    .sort((a, b) => (a.run?.at ?? 0) - (b.run?.at ?? 0) || a.sequence - b.sequence);
  const failures = inTime.filter(({ failureProbability }) => failureProbability !== undefined);
  const said = failures.map(({ failureProbability }) => failureProbability ?? 0);
  const failed = failures.map(({ run }) => run?.outcome === 'failed');
  assert.equal(report.failure.resolved, failures.length);
  assert.equal(report.failure.auroc, significant(auc(said, failed), 4));
  assert.equal(report.failure.brier, significant(brier(said, failed)));
  const rates = failed.map((_, i) => (failed.slice(0, i).filter(Boolean).length + 0.5) / (i + 1));
  assert.equal(report.failure.baselineBrier, significant(brier(rates, failed)));
  const times = inTime.filter(({ run, duration }) => duration && run?.outcome === 'succeeded');
  const took = times.map(({ run }) => run?.durationMs ?? 0);
  const off = took.map((ms, i) => Math.abs(Math.log(median(took.slice(0, i)) / ms))).slice(1);
  assert.equal(report.duration.resolved, times.length);
  assert.equal(report.duration.baselineMedianAbsoluteLogRatio, significant(median(off)));
  assert.deepEqual(
    report.overTime.map(({ name }) => name),
    ['2026-01', '2026-02', '2026-03'],
  );
});

test('nobody looks at many predictions in one step', () => {
  for (const work of [
    (ledger: Ledger): Steps<unknown> => accuracyReport(ledger, {}, START),
    (ledger: Ledger): Steps<unknown> => feedbackQueue(ledger, [], undefined),
  ]) {
    const ledger = ledgerOf(6_000);
    const most = longestStep(ledger, work(ledger));
    assert.ok(most > 0 && most <= 1_000, `${most} predictions in one step`);
  }
});

test('sorting in steps is sorting: equal items keep their order', () => {
  const random = seededRandom(3);
  for (const count of [0, 1, 4_096, 4_097, 20_000]) {
    const items = Array.from({ length: count }, (_, place) => ({ key: Math.floor(random() * 50), place }));
    const compare = (a: { key: number }, b: { key: number }) => a.key - b.key;
    assert.deepEqual(atOnce(sorted(items, compare)), items.toSorted(compare));
  }
});

test('a running median is the median of what came before', () => {
  const random = seededRandom(9);
  const running = new RunningMedian();
  const seen: number[] = [];
  assert.equal(running.value, undefined);
  for (let i = 0; i < 500; i++) {
    const value = random() < 0.3 ? Math.floor(random() * 5) : random() * 100 - 50;
    running.push(value);
    seen.push(value);
    assert.equal(running.value, median(seen));
  }
});

test('the area under a curve of cuts is that of the ranks', () => {
  const random = seededRandom(11);
  const items = Array.from({ length: 2_000 }, () => ({
    probability: Math.round(random() * 30) / 30,
    failed: random() < 0.3,
  }));
  const ranked = items.toSorted((a, b) => b.probability - a.probability);
  assert.equal(
    areaUnder(cutsOf(ranked)),
    auc(
      items.map(({ probability }) => probability),
      items.map(({ failed }) => failed),
    ),
  );
});
