import type { Anomaly } from '../../core/contract/analysis.ts';
import { scaledUnit, withUnit } from '../format/numbers.ts';

/** The value of an anomaly beside what was expected: `88.5 ms, usually 0.7 ms to 6.3 ms`. */
export function measured({ value, unit, expected: { low, high } }: Anomaly): string {
  const plain = scaledUnit(unit);
  return `${withUnit(value, unit)}, usually ${withUnit(low, plain)} to ${withUnit(high, plain)}`;
}
