/** The place at which a series stepped to another level: the test of Pettitt (1979), which assumes no distribution. */

export interface ChangePoint {
  /** First value of the new level. */
  index: number;
  /** Chance of a step like this in a series without any; the usual approximation, close below 0.5. */
  p: number;
}

/** The likeliest step; undefined for fewer than ten values. Takes n² steps. */
export function changePoint(values: readonly number[]): ChangePoint | undefined {
  const n = values.length;
  if (n < 10) return undefined;
  let u = 0;
  let most = 0;
  let index = 0;
  for (let t = 0; t < n - 1; t++) {
    const value = values[t] as number;
    for (let j = 0; j < n; j++) u += Math.sign(value - (values[j] as number));
    if (Math.abs(u) > most) {
      most = Math.abs(u);
      index = t + 1;
    }
  }
  return { index, p: Math.min(1, 2 * Math.exp((-6 * most * most) / (n ** 3 + n ** 2))) };
}
