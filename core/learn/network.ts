/**
 * The only file that knows brain.js. Small feed-forward networks: seeded, bounded in time, refusing numbers that would
 * poison them (brain.js turns one NaN in into NaN everywhere, and seeds its weights from `Math.random`).
 */
import brain from 'brain.js/dist/neural-network.js';
import { seededRandom } from '../numbers.ts';

const NeuralNetwork = brain.default;

export interface NetworkPlan {
  hidden: number[];
  /** Passes over the data; the time bound, since brain.js’s own default is 20,000. */
  iterations: number;
  learningRate: number;
  seed: number;
}

/** What a trained network is stored as; without brain.js’s training options, which hold an Infinity that JSON loses. */
export type NetworkWeights = object;

/**
 * Trains on rows of inputs and outputs, both scaled to about 0 to 1. Deterministic: same rows, plan and seed, same
 * weights. Throws a RangeError where a number is not finite.
 */
export function trainNetwork(inputs: number[][], outputs: number[][], plan: NetworkPlan): NetworkWeights {
  if (![inputs, outputs].every((rows) => rows.every((row) => row.every(Number.isFinite)))) {
    throw new RangeError('training data holds a number that is not finite');
  }
  const network = new NeuralNetwork({ hiddenLayers: plan.hidden, activation: 'sigmoid' });
  withSeededRandom(plan.seed, () =>
    network.train(
      inputs.map((input, i) => ({ input, output: outputs[i] ?? [] })),
      { iterations: plan.iterations, errorThresh: 1e-4, learningRate: plan.learningRate, momentum: 0.1 },
    ),
  );
  const { trainOpts: _, ...weights } = network.toJSON() as Record<string, unknown>;
  return weights;
}

/** A function that runs a stored network. */
export function loadNetwork(weights: NetworkWeights): (input: number[]) => number[] {
  const network = new NeuralNetwork({ hiddenLayers: [1], activation: 'sigmoid' }).fromJSON(weights);
  return (input) => Array.from(network.run(input));
}

/** brain.js has no seed of its own. Training is synchronous, so nothing else sees the replaced source. */
function withSeededRandom(seed: number, work: () => void): void {
  const original = Math.random;
  Math.random = seededRandom(seed);
  try {
    work();
  } finally {
    Math.random = original;
  }
}
