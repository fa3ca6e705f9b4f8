/** What an insight would have saved, and since when it is known, in a line. */
import type { Insight } from '../contract/analysis.ts';
import { day, duration, plural } from './format.ts';

const HOUR = 3_600_000;
/** Less is not worth a word. */
const LEAST_HOURS = 1 / 60;

/** The insight with its line. */
export function noted(insight: Insight): Insight {
  const note = insightNote(insight);
  return note === undefined ? insight : { ...insight, note };
}

/** `would have saved 4 failures and 3 min; known since 2026-11-20`; undefined where there is nothing to say. */
export function insightNote({ saves, firstSeen, lastSeen }: Insight): string | undefined {
  const failures = Math.round(saves?.failures ?? 0);
  const hours = saves?.hours ?? 0;
  const saved = [
    ...(failures > 0 ? [plural(failures, 'failure')] : []),
    ...(hours >= LEAST_HOURS ? [`${duration(hours * HOUR)} of run time`] : []),
  ];
  const isOld = firstSeen !== undefined && lastSeen !== undefined && day(firstSeen) !== day(lastSeen);
  const said = [
    ...(saved.length > 0 ? [`would have saved ${saved.join(' and ')}`] : []),
    ...(isOld ? [`known since ${day(firstSeen)}`] : []),
  ];
  return said.length > 0 ? said.join('; ') : undefined;
}
