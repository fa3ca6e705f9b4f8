/** Digits to mark between powers of ten, from few to many. */
const DIGITS = [[1], [1, 2, 5], [1, 2, 3, 5, 7], [1, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9]];
/** Longest axis, as a ratio of its ends, that has room for more than powers of ten. */
const SHORT = 150;
/** Fewer marks do not say how long an axis is. */
const FEWEST = 3;

/** Where a logarithmic axis is marked: at powers of ten, on a shorter one at more digits between them. */
export function logTicks(min: number, max: number): number[] {
  if (!(min > 0) || !(max >= min)) return [];
  const choices = max / min < SHORT ? DIGITS.slice(1) : DIGITS;
  let ticks: number[] = [];
  for (const digits of choices) {
    ticks = ticksAt(digits, min, max);
    if (ticks.length >= FEWEST) break;
  }
  return ticks;
}

function ticksAt(digits: readonly number[], min: number, max: number): number[] {
  const ticks: number[] = [];
  for (let exponent = Math.floor(Math.log10(min)); 10 ** exponent <= max; exponent++) {
    ticks.push(...digits.map((digit) => Number(`${digit}e${exponent}`)));
  }
  return ticks.filter((tick) => tick >= min && tick <= max);
}
