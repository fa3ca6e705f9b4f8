/** Longest axis, as a ratio of its ends, that has room for more than powers of ten. */
const SHORT = 150;

/** Where a logarithmic axis is marked: at powers of ten, on a short one at their doubles and fives too. */
export function logTicks(min: number, max: number): number[] {
  if (!(min > 0) || !(max >= min)) return [];
  const digits = max / min < SHORT ? [1, 2, 5] : [1];
  const ticks: number[] = [];
  for (let exponent = Math.floor(Math.log10(min)); 10 ** exponent <= max; exponent++) {
    ticks.push(...digits.map((digit) => Number(`${digit}e${exponent}`)));
  }
  return ticks.filter((tick) => tick >= min && tick <= max);
}
