import type { Anomaly } from '../../core/contract/analysis.ts';
import { withUnit } from '../format/numbers.ts';

/** Units that come in several sizes, so that each figure needs its own. */
const SCALED: ReadonlySet<string> = new Set(['ms', 'bytes', 'bytes per second']);

/** The value of an anomaly beside what was expected: `88.5 ms, usually 0.7 ms to 6.3 ms`. */
export function measured({ value, unit, expected: { low, high } }: Anomaly): string {
  const plain = unit?.startsWith('share ') ? 'probability' : SCALED.has(unit ?? '') ? unit : undefined;
  return `${withUnit(value, unit)}, usually ${withUnit(low, plain)} to ${withUnit(high, plain)}`;
}
