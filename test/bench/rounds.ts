/** Rounds of measurements: every candidate once a round, in turning order, so that a busy moment hits them alike. */
import { median } from '../../core/numbers.ts';

export interface Candidate {
  name: string;
  /** One measurement; larger is better for rates, smaller for times. */
  run(round: number): Promise<number> | number;
}

export interface Measured {
  name: string;
  median: number;
  low: number;
  high: number;
  rounds: number;
}

/** Runs each candidate once without counting, then `rounds` times. */
export async function inRounds(
  candidates: readonly Candidate[],
  rounds: number,
): Promise<Map<string, number[]>> {
  const figures = new Map(candidates.map(({ name }): [string, number[]] => [name, []]));
  for (let round = -1; round < rounds; round++) {
    for (let i = 0; i < candidates.length; i++) {
      const candidate = candidates[(i + Math.max(0, round)) % candidates.length] as Candidate;
      const figure = await candidate.run(round);
      if (round >= 0) figures.get(candidate.name)?.push(figure);
    }
  }
  return figures;
}

export function summarise(figures: ReadonlyMap<string, number[]>): Measured[] {
  return [...figures].map(([name, values]) => ({
    name,
    median: median(values),
    low: Math.min(...values),
    high: Math.max(...values),
    rounds: values.length,
  }));
}

/** Median of the ratios round by round: what happened in one round happened to both. */
export function ratio(figures: ReadonlyMap<string, number[]>, of: string, to: string): number | undefined {
  const [above, below] = [figures.get(of), figures.get(to)];
  if (!above?.length || !below?.length) return undefined;
  return median(above.map((value, i) => value / (below[i] as number)));
}

/** Milliseconds that some work takes. */
export async function timed(work: () => unknown): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
