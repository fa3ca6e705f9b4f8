/**
 * Says of one statement how likely it fails and how long it takes, why, by what, and whether it knows enough to say so.
 * First what the schema decides (rules, shadow), then what the rows decide, by the shipped prior; then what came of
 * earlier predictions here (`own-outcomes.ts`).
 */
import type { StatementRun } from '../shadow/shadow.ts';
import type { Danger } from './dangers.ts';
import { beyond, type LogRange, loadDurationModel } from './duration-model.ts';
import type { StatementFacts } from './facts.ts';
import { isWeighed, loadFailureModel } from './failure-model.ts';
import { corrected, type OwnOutcomes, rescaled } from './own-outcomes.ts';
import type { Learns } from './own-record.ts';
import { type PriorArtifact, shippedPrior } from './prior.ts';

export interface StatementPrediction {
  failureProbability: number;
  /** Milliseconds: an 80 % interval and its middle. */
  durationMs: { p10: number; p50: number; p90: number };
  basis: ('rules' | 'shadow' | 'prior' | 'outcomes')[];
  /** Sentences, the weightiest first; only those that move the figures. */
  reasons: string[];
  /** Unlike anything it was trained on, or nothing is known of what decides: the figures are no more than a frame. */
  abstained: boolean;
}

/** What rules and parser say of a statement. */
export interface Verdict {
  syntaxError: boolean;
  /** It fails whatever the rows are. */
  fails: boolean;
  /** Why it fails on the schema as far as that is known: a column that is there already, a table that is not. */
  schemaSays?: string;
}

/** Chances where the schema decides. Judgements, replaced by own outcomes once there are some. */
const CHANCE = {
  broken: 0.99,
  /** The shadow is the real engine, yet its version and extensions are not those of the target. */
  failedInShadow: 0.97,
  /** By the analysis alone: what is outside of the history may have changed the schema. */
  failsBySchema: 0.9,
  ranInShadow: 0.01,
  notRun: 0.03,
} as const;

/** Work that grows with a table of unknown size: from an empty one to tens of gigabytes. */
const UNKNOWN_SIZE: LogRange = { p10: Math.log10(2), p50: Math.log10(200), p90: Math.log10(120_000) };
/** Times larger than anything measured, from where the figure is no more than a frame. */
const FAR = 10;
/** By so much wider (log₁₀) on an engine that was never measured. */
const OTHER_ENGINE = 0.6;

export class Predictor {
  readonly #failure: (danger: Danger) => number;
  readonly #duration: ReturnType<typeof loadDurationModel>;
  readonly #prior: PriorArtifact;
  readonly #own: OwnOutcomes | undefined;

  /** @param own what came of earlier predictions on this machine */
  constructor(own?: OwnOutcomes, prior: PriorArtifact = shippedPrior()) {
    this.#prior = prior;
    this.#own = own;
    this.#failure = loadFailureModel(prior.failure);
    this.#duration = loadDurationModel(prior.duration);
  }

  /** Changes with the prior and with own outcomes: for keys of caches. */
  get version(): string {
    return `${this.#prior.version}+${this.#own?.version ?? 'none'}`;
  }

  predict(facts: StatementFacts, verdict: Verdict, run: StatementRun | undefined): StatementPrediction {
    const failure = this.#fails(facts, verdict, run);
    const duration = this.#takes(facts);
    const ran = run !== undefined && run.outcome !== 'skipped';
    const own = this.#own && (this.#own.duration.count > 0 || Object.keys(this.#own.failure).length > 0);
    return {
      failureProbability: round(failure.p),
      durationMs: {
        p10: significant(10 ** duration.range.p10),
        p50: significant(10 ** duration.range.p50),
        p90: significant(10 ** duration.range.p90),
      },
      basis: [
        'rules',
        ...(ran ? (['shadow'] as const) : []),
        ...(facts.sized || facts.dangers.some(isWeighed) ? (['prior'] as const) : []),
        ...(own ? (['outcomes'] as const) : []),
      ],
      reasons: [...failure.reasons, ...duration.reasons],
      abstained: failure.abstained || duration.abstained,
    };
  }

  /** What an event keeps of a prediction, so that its outcome can teach: by the prior alone. */
  learns(facts: StatementFacts): Learns {
    const { p10, p50, p90 } = this.#duration(facts.work, facts.features);
    return {
      kind: facts.kind,
      dangers: facts.dangers.map((danger) => ({ kind: danger.kind, p: round(this.#failure(danger)) })),
      priorMs: { p10: significant(10 ** p10), p50: significant(10 ** p50), p90: significant(10 ** p90) },
    };
  }

  #fails(
    { dangers }: StatementFacts,
    { syntaxError, fails, schemaSays }: Verdict,
    run: StatementRun | undefined,
  ): { p: number; reasons: string[]; abstained: boolean } {
    if (syntaxError) return { p: CHANCE.broken, reasons: ['it does not parse'], abstained: false };
    if (run?.outcome === 'failed') {
      const said = run.error?.message;
      return {
        p: CHANCE.failedInShadow,
        reasons: [`it fails in the shadow${said ? `: ${said}` : ''}`],
        abstained: false,
      };
    }
    if (fails)
      return {
        p: CHANCE.failedInShadow,
        reasons: ['a rule says that it fails for certain'],
        abstained: false,
      };
    const ran = run !== undefined && run.outcome !== 'skipped';
    if (schemaSays !== undefined && !ran)
      return { p: CHANCE.failsBySchema, reasons: [schemaSays], abstained: false };
    const weighed = dangers
      .map((danger) => ({ danger, p: corrected(this.#own, danger.kind, this.#failure(danger)) }))
      .sort((a, b) => b.p - a.p);
    // Dangers of one table and its columns go together: partitions of a table hold its rows.
    const worst = new Map<string, number>();
    for (const { danger, p } of weighed) {
      const key = `${danger.kind} ${danger.columns.join()}`;
      worst.set(key, Math.max(worst.get(key) ?? 0, p));
    }
    const none = [...worst.values()].reduce(
      (product, p) => product * (1 - p),
      1 - (ran ? CHANCE.ranInShadow : CHANCE.notRun),
    );
    const reasons = weighed.map(({ danger: { because } }) => because);
    const unknown = weighed.find(({ danger }) => danger.rows === undefined);
    return { p: 1 - none, reasons: [...new Set(reasons)], abstained: unknown !== undefined };
  }

  #takes(facts: StatementFacts): { range: LogRange; reasons: string[]; abstained: boolean } {
    const { work, features, sized, dialect, relation, kind } = facts;
    if (!sized) {
      return {
        range: UNKNOWN_SIZE,
        reasons: [`nobody knows the size of ${relation ?? 'its tables'}`],
        abstained: true,
      };
    }
    const own = rescaled(this.#own, kind, this.#duration(work, features));
    const times = beyond(this.#prior.duration, work);
    const reasons: string[] = [];
    let wider = 0;
    if (times > FAR) reasons.push(`its work is ${Math.round(times)} times the largest that was measured`);
    if (times > 1) wider += 0.25 * Math.log10(times);
    if (dialect !== 'postgres' && dialect !== 'unknown') {
      wider += OTHER_ENGINE;
      reasons.push('durations were measured on PostgreSQL only');
    }
    return {
      range: { p10: own.p10 - wider, p50: own.p50, p90: own.p90 + wider },
      reasons,
      abstained: times > FAR || (dialect !== 'postgres' && dialect !== 'unknown'),
    };
  }
}

function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}

function significant(ms: number): number {
  return Number(Math.max(0.01, ms).toPrecision(3));
}
