import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Insight } from '../../../core/contract/analysis.ts';
import { insightNote } from '../../../core/report/insight-text.ts';

const CASES: [more: Partial<Insight>, note: string | undefined][] = [
  [{}, undefined],
  [{ saves: { failures: 0.2, hours: 0.001 } }, undefined],
  [{ saves: { failures: 4, hours: 0 } }, 'would have saved 4 failures'],
  [{ saves: { failures: 1, hours: 0.05 } }, 'would have saved 1 failure and 3 min of run time'],
  [{ firstSeen: '2026-11-20T10:00:00Z', lastSeen: '2026-11-20T11:00:00Z' }, undefined],
  [
    { saves: { failures: 2, hours: 0 }, firstSeen: '2026-11-20T10:00:00Z', lastSeen: '2026-11-27T11:00:00Z' },
    'would have saved 2 failures; known since 2026-11-20',
  ],
];

for (const [more, note] of CASES)
  test(`an insight with ${JSON.stringify(more)} says ${note ?? 'nothing'}`, () => {
    const insight: Insight = {
      id: 'x',
      kind: 'risk',
      title: 'x',
      severity: 'info',
      impact: 0,
      numbers: {},
      evidence: { events: [], count: 0 },
      ...more,
    };
    assert.equal(insightNote(insight), note);
  });
