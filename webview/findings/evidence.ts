/** From a statement of an analysis to the events it stands on. */
import type { Evidence, TelemetryAIAnalysis } from '../../core/contract/analysis.ts';
import { href } from '../routing/router.ts';

/** The kinds of statements that name their events. */
const KINDS = { insight: 'insights', pattern: 'patterns', anomaly: 'anomalies' } as const;
export type FindingKind = keyof typeof KINDS;

interface Finding {
  id: string;
  evidence: Evidence;
}

/**
 * Address of the events behind a statement: exactly those that it names, or where it names none the filter that finds
 * them. Undefined where it has neither.
 */
export function evidenceHref(kind: FindingKind, { id, evidence }: Finding): string | undefined {
  const [only] = evidence.events;
  if (evidence.count === 1 && only) return href(['events'], { event: only });
  if (only) return href(['events'], { evidence: `${kind}:${id}` });
  return evidence.filter ? filterHref(evidence.filter) : undefined;
}

/** Address of all events that a filter finds. */
export function filterHref(filter: NonNullable<Evidence['filter']>): string {
  return href(['events'], { ...filter });
}

/** The statement that `insight:<id>` in an address stands for. */
export function findingOf(
  analysis: TelemetryAIAnalysis,
  reference: string,
): { title: string; evidence: Evidence } | undefined {
  const [, kind = '', id = ''] = /^(\w+):(.*)$/.exec(reference) ?? [];
  if (!(kind in KINDS)) return undefined;
  return analysis[KINDS[kind as FindingKind]].find((finding) => finding.id === id);
}
