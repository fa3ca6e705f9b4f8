/**
 * Running 5 %, 50 % and 95 % quantiles by stochastic approximation (Robbins & Monro 1951): each estimate moves up or down
 * by a step in proportion to its probability. Three numbers, no values kept.
 */
const PROBABILITIES = [0.05, 0.5, 0.95] as const;
/** Weight of a value once many were seen. */
const STEP = 0.02;
/** Width of a step in spreads, so that the tails are reached. */
const REACH = 2;

export class ExpectedRange {
  seen = 0;
  /** Low, median and high, relative to the prediction. */
  readonly around = new Float64Array(3);

  learn(residual: number, spread: number): void {
    this.seen++;
    if (this.seen === 1) this.around.fill(residual);
    const step = REACH * spread * Math.max(STEP, 1 / this.seen);
    for (let i = 0; i < 3; i++) {
      const estimate = this.around[i] ?? 0;
      const probability = PROBABILITIES[i] ?? 0.5;
      if (residual !== estimate)
        this.around[i] = estimate + step * (residual < estimate ? probability - 1 : probability);
    }
    const [low = 0, median = 0, high = 0] = this.around;
    if (low > median) this.around[0] = median;
    if (high < median) this.around[2] = median;
  }

  save(): { seen: number; around: number[] } {
    return { seen: this.seen, around: [...this.around] };
  }

  restore(state: { seen: number; around: number[] }): void {
    this.seen = state.seen;
    this.around.set(state.around);
  }
}
