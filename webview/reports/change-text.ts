/** How a figure moved between two periods, in words. */
import type { Comparison } from '../../core/contract/report-file.ts';
import { percent } from '../format/numbers.ts';
import type { Tone } from '../ui/status.tsx';

/** `+12.5 %`, `−3 %`, `same`; a dash where one of the two is not known. */
export function changeText({ change, now, before }: Comparison): string {
  if (now === undefined || before === undefined) return '–';
  if (now === before) return 'same';
  if (change === undefined) return before === 0 ? 'new' : '–';
  return `${change > 0 ? '+' : '−'}${percent(Math.abs(change))}`;
}

/** Better, worse or different, where it is more than chance; undefined where it may be chance. */
export function verdictOf({
  noteworthy,
  better,
  now = 0,
  before = 0,
}: Comparison): { tone: Tone; text: string } | undefined {
  if (!noteworthy) return undefined;
  if (better === 'neither') return { tone: 'info', text: now > before ? 'More' : 'Less' };
  const improved = now > before === (better === 'higher');
  return improved ? { tone: 'ok', text: 'Better' } : { tone: 'error', text: 'Worse' };
}
