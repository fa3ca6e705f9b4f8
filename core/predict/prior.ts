/** The shipped prior: what `npm run prior` trained from its measurements. Read once, when it is first asked for. */
import artifact from '../learn/prior/prior.json' with { type: 'json' };
import type { DurationArtifact } from './duration-model.ts';
import type { FailureArtifact } from './failure-model.ts';

export interface PriorArtifact {
  /** Digest of the measurements and of how it was trained. */
  version: string;
  /** What it was trained on. */
  trainedOn: { outcomes: number; schemas: number; date: string; machine: string };
  failure: FailureArtifact;
  duration: DurationArtifact;
}

export function shippedPrior(): PriorArtifact {
  return artifact as unknown as PriorArtifact;
}
