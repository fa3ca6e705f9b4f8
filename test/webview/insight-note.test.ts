import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Insight } from '../../core/contract/analysis.ts';
import { insightNote } from '../../webview/findings/insight-note.ts';

const insight: Insight = {
  id: 'failures',
  kind: 'failures',
  title: '3 of 60 migrations failed',
  severity: 'warning',
  impact: 3,
  numbers: {},
  evidence: { events: [], count: 0 },
};

test('an insight says what acting on it would have saved, and since when it is known', () => {
  assert.equal(insightNote(insight), undefined);
  const saves = { failures: 3, hours: 0.5 };
  assert.match(
    insightNote({ ...insight, saves }) ?? '',
    /^Would have saved 3\sfailures and 30\smin of run time$/,
  );
  const [firstSeen, lastSeen] = ['2026-11-20T12:00:00.000Z', '2026-11-27T12:00:00.000Z'];
  assert.match(insightNote({ ...insight, firstSeen, lastSeen }) ?? '', /^known since .*20/);
  assert.equal(
    insightNote({ ...insight, saves: { failures: 0, hours: 0 }, firstSeen, lastSeen: firstSeen }),
    undefined,
  );
});
