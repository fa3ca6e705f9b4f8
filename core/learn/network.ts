/**
 * The only file that knows brain.js. Small feed-forward networks: seeded, bounded in time, refusing numbers that would
 * poison them (brain.js turns one NaN in into NaN everywhere, and seeds its weights from `Math.random`).
 */
import brain from 'brain.js/dist/neural-network.js';
import { seededRandom } from '../numbers.ts';

const NeuralNetwork = brain.default;

export interface NetworkPlan {
  hidden: number[];
  /** Passes over the data; fewer where there are many rows, see `MOST_STEPS`. */
  iterations: number;
  learningRate: number;
  seed: number;
}

/**
 * Rows times passes. The bound on time is a count, so that a slower machine makes the same network; brain.js’s own is
 * 20,000 passes, which can take ten minutes on noisy labels.
 */
const MOST_STEPS = 3_000_000;
const FEWEST_PASSES = 20;
/** A training that takes longer is given up: it fails, and nothing of it is kept. */
const LONGEST_MS = 120_000;
const PASSES_BETWEEN_LOOKS = 10;

/** What a trained network is stored as; without brain.js’s training options, which hold an Infinity that JSON loses. */
export type NetworkWeights = object;

/**
 * Trains on rows of inputs and outputs, both scaled to about 0 to 1. Deterministic: same rows, plan and seed, same
 * weights. Throws a RangeError where a number is not finite, and where it takes longer than two minutes.
 */
export function trainNetwork(inputs: number[][], outputs: number[][], plan: NetworkPlan): NetworkWeights {
  if (![inputs, outputs].every((rows) => rows.every((row) => row.every(Number.isFinite)))) {
    throw new RangeError('training data holds a number that is not finite');
  }
  const network = new NeuralNetwork({ hiddenLayers: plan.hidden, activation: 'sigmoid' });
  const allowed = Math.max(FEWEST_PASSES, Math.floor(MOST_STEPS / Math.max(1, inputs.length)));
  const started = Date.now();
  withSeededRandom(plan.seed, () =>
    network.train(
      inputs.map((input, i) => ({ input, output: outputs[i] ?? [] })),
      {
        iterations: Math.min(plan.iterations, allowed),
        errorThresh: 1e-4,
        learningRate: plan.learningRate,
        momentum: 0.1,
        callbackPeriod: PASSES_BETWEEN_LOOKS,
        callback: () => {
          if (Date.now() - started > LONGEST_MS) throw new RangeError('training the network took too long');
        },
      },
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
