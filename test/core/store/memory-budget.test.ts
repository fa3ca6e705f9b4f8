import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryBudget } from '../../../core/store/memory-budget.ts';

/** Things of 10 bytes each, loaded when they are asked for and not there. */
function shelf(budget: MemoryBudget, dear = false) {
  const there = new Set<number>();
  const keys = new Map<number, object>();
  let loads = 0;
  return {
    there,
    loads: () => loads,
    get(n: number) {
      const key = keys.get(n) ?? {};
      keys.set(n, key);
      if (there.has(n)) return budget.touch(key);
      loads++;
      there.add(n);
      budget.hold(key, 10, () => there.delete(n), { dear });
    },
  };
}

test('memory stays under its limit; what was just loaded stays, what is fixed counts', () => {
  const budget = new MemoryBudget(105, () => 50);
  const { get, there } = shelf(budget);
  for (let n = 0; n < 40; n++) {
    get(n);
    assert.ok(there.has(n));
    assert.ok(budget.bytes + 50 <= 105);
  }
  assert.equal(there.size, 5);
});

test('what has to be worked out again stays as long as there is something that is only read', () => {
  const budget = new MemoryBudget(100);
  const dear = shelf(budget, true);
  const cheap = shelf(budget);
  for (let n = 0; n < 5; n++) dear.get(n);
  for (let n = 0; n < 100; n++) cheap.get(n);
  assert.equal(dear.there.size, 5);
  for (let n = 5; n < 40; n++) dear.get(n);
  assert.deepEqual([dear.there.size, cheap.there.size], [10, 0]);
});

test('who goes through more than there is room for, again and again, finds a good part of it', () => {
  const { get, loads } = shelf(new MemoryBudget(700));
  for (let round = 0; round < 10; round++) for (let n = 0; n < 100; n++) get(n);
  assert.ok(loads() < 700, `${loads()} of 1,000 had to be loaded`);
});
