/**
 * The simple neighbours of the neural networks: logistic regression for probabilities, ridge regression for numbers.
 * Both on standardised columns, with a penalty on the weights; a missing value (NaN) counts as the column’s mean.
 */
import { ridgeSystem, solve } from './linear-system.ts';

/** A trained linear model: intercept and weights on standardised columns. JSON. */
export interface LinearModel {
  means: number[];
  deviations: number[];
  /** The intercept first. */
  weights: number[];
}

const STEPS = 25;
const CONVERGED = 1e-8;

/**
 * Probabilities by iteratively reweighted least squares (Newton’s method on the log-likelihood minus ½λ|w|²).
 *
 * @param targets 0 to 1
 */
export function fitLogistic(rows: readonly number[][], targets: readonly number[], penalty = 1): LinearModel {
  const { means, deviations, standard } = standardised(rows);
  const prevalence = Math.min(0.999, Math.max(0.001, targets.reduce((a, b) => a + b, 0) / targets.length));
  let weights = new Array<number>((rows[0]?.length ?? 0) + 1).fill(0);
  weights[0] = Math.log(prevalence / (1 - prevalence));
  for (let step = 0; step < STEPS; step++) {
    const scores = standard.map((row) => dot(weights, row));
    const shares = scores.map(sigmoid);
    const curvature = shares.map((p) => Math.max(p * (1 - p), 1e-6));
    const working = scores.map((z, i) => z + ((targets[i] ?? 0) - (shares[i] ?? 0)) / (curvature[i] ?? 1));
    const { a, b } = ridgeSystem(standard, working, curvature, penalty);
    const next = solve(a, b).map((weight) => Math.min(30, Math.max(-30, weight)));
    const moved = Math.max(...next.map((weight, i) => Math.abs(weight - (weights[i] ?? 0))));
    weights = next;
    if (moved < CONVERGED) break;
  }
  return { means, deviations, weights };
}

/** Numbers by least squares with a ridge penalty (Hoerl & Kennard 1970). */
export function fitRidge(rows: readonly number[][], targets: readonly number[], penalty = 1): LinearModel {
  const { means, deviations, standard } = standardised(rows);
  const { a, b } = ridgeSystem(standard, targets, undefined, penalty);
  return { means, deviations, weights: solve(a, b) };
}

/** A probability, 0 to 1. */
export function logistic(model: LinearModel): (row: readonly number[]) => number {
  const linear = ridge(model);
  return (row) => sigmoid(linear(row));
}

export function ridge({ means, deviations, weights }: LinearModel): (row: readonly number[]) => number {
  return (row) => dot(weights, standardise(row, means, deviations));
}

export function sigmoid(z: number): number {
  return 1 / (1 + Math.exp(-z));
}

function standardised(rows: readonly number[][]) {
  const width = rows[0]?.length ?? 0;
  const means: number[] = [];
  const deviations: number[] = [];
  for (let i = 0; i < width; i++) {
    const known = rows.flatMap((row) => (Number.isFinite(row[i]) ? [row[i] as number] : []));
    const mean = known.length === 0 ? 0 : known.reduce((a, b) => a + b, 0) / known.length;
    const squares = known.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    means.push(mean);
    deviations.push(Math.sqrt(squares / Math.max(1, known.length)) || 1);
  }
  return { means, deviations, standard: rows.map((row) => standardise(row, means, deviations)) };
}

/** What lies far outside of what was seen is cut at six standard deviations. */
function standardise(
  row: readonly number[],
  means: readonly number[],
  deviations: readonly number[],
): number[] {
  const standard = row.map((value, i) => {
    const z = (value - (means[i] ?? 0)) / (deviations[i] ?? 1);
    return Number.isFinite(z) ? Math.min(6, Math.max(-6, z)) : 0;
  });
  return [1, ...standard];
}

function dot(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] ?? 0);
  return sum;
}
