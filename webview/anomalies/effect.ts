import type { Result } from '../../core/contract/methods.ts';
import type { AnomalyVerdict } from '../../core/contract/series.ts';
import { percent, plural } from '../format/numbers.ts';

/** What taking a verdict back did. */
export type TakenBack = Result<'anomalies.unjudge'>;

/** `Taken back: the threshold goes from 85 % back to 60 %.` */
export function backText({ thresholdBefore, thresholdAfter }: TakenBack): string {
  return thresholdBefore === thresholdAfter
    ? `Taken back. The threshold stays at ${percent(thresholdAfter)}.`
    : `Taken back: the threshold goes from ${percent(thresholdBefore)} back to ${percent(thresholdAfter)}.`;
}

/** What a verdict did, in a sentence: `The threshold moves from 60 % to 66 %: 3 fewer alerts in 90 days.` */
export function effectOf({ real, thresholdBefore, thresholdAfter, fewerAlerts }: AnomalyVerdict): string {
  const said = real ? 'Noted as real.' : 'Noted as not real.';
  if (thresholdBefore === thresholdAfter) return `${said} The threshold stays at ${percent(thresholdAfter)}.`;
  const alerts =
    fewerAlerts === 0
      ? 'no alert of the last 90 days would change'
      : fewerAlerts > 0
        ? `${plural(fewerAlerts, 'alert')} fewer over the last 90 days`
        : `${plural(-fewerAlerts, 'alert')} more over the last 90 days`;
  return `${said} The threshold moves from ${percent(thresholdBefore)} to ${percent(thresholdAfter)}: ${alerts}.`;
}
