/** Costs of work that fit measured durations: least squares of log ratios, costs never negative. Deterministic. */
import { WORK_NAMES, type Work } from '../../core/predict/work.ts';

export interface Timed {
  work: Work;
  ms: number;
}

export function fitCosts(cases: readonly Timed[]): { base: number; costs: Record<keyof Work, number> } {
  const names = WORK_NAMES;
  // The logarithms of the costs, found by Adam (Kingma & Ba 2015).
  const at = new Float64Array(names.length + 1).fill(Math.log(0.5));
  at[names.length] = Math.log(2);
  const first = new Float64Array(at.length);
  const second = new Float64Array(at.length);
  const rows = cases.map(({ work, ms }) => ({
    amounts: [...names.map((name) => work[name]), 1],
    log: Math.log(ms),
  }));
  for (let step = 1; step <= 1_500; step++) {
    const gradient = new Float64Array(at.length);
    for (const { amounts, log } of rows) {
      let sum = 1e-6;
      for (let k = 0; k < at.length; k++) sum += Math.exp(at[k] ?? 0) * (amounts[k] ?? 0);
      // Huber: a few cases that met a checkpoint must not bend everything.
      const miss = Math.max(-1, Math.min(1, Math.log(sum) - log));
      for (let k = 0; k < at.length; k++)
        gradient[k] =
          (gradient[k] ?? 0) + (miss * Math.exp(at[k] ?? 0) * (amounts[k] ?? 0)) / sum / rows.length;
    }
    const rate = step < 800 ? 0.05 : 0.01;
    for (let k = 0; k < at.length; k++) {
      const g = (gradient[k] ?? 0) + 1e-4 * ((at[k] ?? 0) + 2);
      first[k] = 0.9 * (first[k] ?? 0) + 0.1 * g;
      second[k] = 0.999 * (second[k] ?? 0) + 0.001 * g * g;
      const [m, v] = [(first[k] ?? 0) / (1 - 0.9 ** step), (second[k] ?? 0) / (1 - 0.999 ** step)];
      at[k] = (at[k] ?? 0) - (rate * m) / (Math.sqrt(v) + 1e-8);
    }
  }
  const cost = (k: number) => Number(Math.exp(at[k] ?? 0).toPrecision(5));
  const costs = Object.fromEntries(names.map((name, k) => [name, cost(k)])) as Record<keyof Work, number>;
  return { base: cost(names.length), costs };
}
