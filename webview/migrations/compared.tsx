/** Predicted against actual duration on one line: the interval as a bar, what it took as a mark. */
import { duration } from '../format/numbers.ts';

export interface Interval {
  p10: number;
  p50: number;
  p90: number;
}

/** The ends of a logarithmic axis on which several such lines can be compared. */
export interface LogAxis {
  min: number;
  max: number;
}

/** An axis that everything fits on, whole powers of ten; undefined where there is nothing above zero. */
export function axisOf(values: readonly (number | undefined)[]): LogAxis | undefined {
  const known = values.filter((value): value is number => value !== undefined && value > 0);
  if (known.length === 0) return undefined;
  const min = 10 ** Math.floor(Math.log10(Math.min(...known)));
  const max = 10 ** Math.ceil(Math.log10(Math.max(...known)));
  return { min, max: max > min ? max : min * 10 };
}

/** Where a value stands on the axis, 0 to 1. */
export function placeOn({ min, max }: LogAxis, value: number): number {
  if (value <= min) return 0;
  return Math.min(1, Math.log10(value / min) / Math.log10(max / min));
}

/** What was predicted, in words. */
export function saidOf({ p10, p50, p90 }: Interval): string {
  return `predicted ${duration(p50)}, 8 of 10 between ${duration(p10)} and ${duration(p90)}`;
}

/** How the actual value stands to the interval, in words. */
export function comparison(interval: Interval | undefined, actual: number | undefined): string {
  if (!interval)
    return actual === undefined ? 'no prediction, no duration' : `took ${duration(actual)}, not predicted`;
  const said = saidOf(interval);
  if (actual === undefined) return `${said}; not run yet`;
  const where =
    actual < interval.p10
      ? 'faster than the interval'
      : actual > interval.p90
        ? 'slower than the interval'
        : 'inside';
  return `${said}; took ${duration(actual)}: ${where}`;
}

interface ComparedProps {
  axis: LogAxis;
  interval: Interval | undefined;
  actual: number | undefined;
}

/** The picture; the words beside it, or its title, say the same. */
export function Compared({ axis, interval, actual }: ComparedProps) {
  const left = interval ? placeOn(axis, interval.p10) : 0;
  const right = interval ? placeOn(axis, interval.p90) : 0;
  const outside = interval && actual !== undefined && (actual < interval.p10 || actual > interval.p90);
  return (
    <span class="compared" title={comparison(interval, actual)}>
      <span class="visually-hidden">{comparison(interval, actual)}</span>
      {interval && (
        <>
          <span
            class="compared-range"
            style={{ left: share(left), width: share(Math.max(right - left, 0.01)) }}
          />
          <span class="compared-middle" style={{ left: share(placeOn(axis, interval.p50)) }} />
        </>
      )}
      {actual !== undefined && actual > 0 && (
        <span
          class={`compared-actual ${outside ? 'compared-outside' : ''}`}
          style={{ left: share(placeOn(axis, actual)) }}
        />
      )}
    </span>
  );
}

function share(value: number): string {
  return `${(value * 100).toFixed(2)}%`;
}
