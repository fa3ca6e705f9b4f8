/** Numbers in a report: as people read them, and for a program that reads the table. */
import type { Amount, Cell } from './document.ts';
import { count, duration, percent } from './format.ts';

export const amount = {
  count: (value: number): Amount => ({ text: count(value), value, unit: '' }),
  /** @param ms milliseconds */
  duration: (ms: number): Amount => ({ text: duration(ms), value: ms, unit: 'ms' }),
  /** @param value of one */
  share: (value: number): Amount => ({ text: percent(value), value, unit: 'share' }),
  /** As it is, with its unit. */
  plain: (value: number, unit = ''): Amount => ({ text: `${value}${unit}`, value, unit: unit.trim() }),
};

/** What stands in a cell for people. */
export function textOf(cell: Cell | undefined): string {
  return typeof cell === 'object' ? cell.text : (cell ?? '');
}
