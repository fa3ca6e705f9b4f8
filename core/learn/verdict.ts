/** Who is active after a training: the rule, in one place and in words. */
import type { Contest } from '../contract/training.ts';
import { WIN_RULE } from './bootstrap.ts';
import type { Trained } from './trainable.ts';

export interface Verdict {
  /** Whether the challenger becomes the active version. */
  promoted: boolean;
  /** Whether the champion stops being active without a successor. */
  deposed: boolean;
  reason: string;
}

/**
 * A challenger must beat its baseline, and the champion where there is one. A champion that learnt from feedback that was
 * taken back, or that this version of the program cannot read, is not in the way.
 */
export function verdict(
  {
    beatsBaseline,
    headline,
    tested,
    rivalry,
  }: Pick<Trained, 'beatsBaseline' | 'headline' | 'tested' | 'rivalry'>,
  champion: { version: string; tainted: boolean } | undefined,
): Verdict {
  if (!beatsBaseline) {
    const reason = isAhead(headline)
      ? `it is ahead of its baseline, but on ${tested} migrations that may be chance, so it is not used`
      : 'it does not beat its baseline, so it is not used';
    if (!champion?.tainted) return { promoted: false, deposed: false, reason };
    return {
      promoted: false,
      deposed: true,
      reason: `${reason}; version ${champion.version} had learnt from feedback that was taken back`,
    };
  }
  if (!champion) return { promoted: true, deposed: false, reason: 'it beats its baseline' };
  if (champion.tainted) {
    const reason = `it beats its baseline, and version ${champion.version} had learnt from feedback that was taken back`;
    return { promoted: true, deposed: false, reason };
  }
  if (!rivalry)
    return {
      promoted: true,
      deposed: false,
      reason: `it beats its baseline, and version ${champion.version} cannot be read any more`,
    };
  if (rivalry.won) return { promoted: true, deposed: false, reason: `it beats version ${champion.version}` };
  return {
    promoted: false,
    deposed: false,
    reason: `it is not clearly better than version ${champion.version}, which stays`,
  };
}

function isAhead({ value, baseline, better }: Trained['headline']): boolean {
  return (
    baseline !== undefined &&
    (better === 'higher' ? value > baseline : better === 'lower' && value < baseline)
  );
}

/** The contest as it is kept with a version. */
export function contestOf(
  rivalry: NonNullable<Trained['rivalry']>,
  champion: string,
  challenger: string,
): Contest {
  const { metric, championValue, challengerValue, difference, won, rows } = rivalry;
  const rule = `${WIN_RULE}; ${rows} examples that neither was trained on`;
  return { challenger, champion, metric, challengerValue, championValue, difference, won, rule };
}
