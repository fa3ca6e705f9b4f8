import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agreementOf, fleissKappa } from '../../../core/learn/agreement.ts';

/** Fourteen people, ten subjects, five categories: the worked example of Fleiss’ kappa that textbooks print, 0.210. */
const TEXTBOOK = [
  [0, 0, 0, 0, 14],
  [0, 2, 6, 4, 2],
  [0, 0, 3, 5, 6],
  [0, 3, 9, 2, 0],
  [2, 2, 8, 1, 1],
  [7, 7, 0, 0, 0],
  [3, 2, 6, 3, 0],
  [2, 5, 3, 2, 2],
  [6, 5, 2, 1, 0],
  [0, 2, 2, 3, 7],
];

test('kappa of many people is that of the worked example; agreement alone, and nothing at all, have none', () => {
  assert.equal(fleissKappa(TEXTBOOK)?.toFixed(3), '0.210');
  assert.equal(fleissKappa([]), undefined);
  assert.equal(
    fleissKappa([
      [3, 0],
      [4, 0],
    ]),
    undefined,
    'everybody always says the same',
  );
  assert.equal(
    fleissKappa([
      [3, 0],
      [0, 3],
    ]),
    1,
  );
});

test('several people, different numbers of them for each event', () => {
  const said = (eventId: string, ...answers: boolean[]) => ({
    eventId,
    title: eventId,
    answers: answers.map((right, i) => ({ user: `person-${i}`, right })),
  });
  const agreement = agreementOf([
    said('all', true, true, true),
    said('two of three', true, false, true),
    said('none', false, false),
    said('one person', true),
  ]);
  assert.deepEqual([agreement.people, agreement.judgedTwice, agreement.agreed], [3, 3, 2]);
  assert.deepEqual(
    agreement.disagreements.map(({ eventId }) => eventId),
    ['two of three'],
  );
  // Observed (1 + 1/3 + 1) / 3 = 7/9; by chance (5/8)² + (3/8)² = 34/64.
  assert.equal(agreement.kappa, Number(((7 / 9 - 34 / 64) / (1 - 34 / 64)).toPrecision(3)));
});
