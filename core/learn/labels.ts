/**
 * What the models learn from: every migration with its outcome, as people corrected it. What was taken back is not in
 * there, so a training forgets it.
 */
import type { TelemetryEvent } from '../contract/event.ts';
import { getEvent } from '../store/event-queries.ts';
import type { EventReader } from '../store/event-reader.ts';
import type { Glance } from '../store/glance.ts';
import type { Example, FactFields } from './examples.ts';
import type { Ledger } from './ledger.ts';
import type { Entry } from './ledger-entry.ts';
import type { Truth } from './truth.ts';

export interface Labels {
  /** In order of time. */
  examples: Example[];
  /** Ids of the answers that are in there. */
  feedback: string[];
}

/** @param migrations the newest that were recorded, as they were recorded */
export function labelsOf(reader: EventReader, ledger: Ledger, migrations: readonly Example[]): Labels {
  const predictions = new Map<string, Entry[]>();
  for (const entry of ledger.entries.values()) {
    const id = entry.run?.eventId;
    if (id === undefined || entry.statement !== undefined) continue;
    const known = predictions.get(id);
    if (known) known.push(entry);
    else predictions.set(id, [entry]);
  }
  const feedback = new Set<string>();
  const said = (eventId: string): Truth => {
    for (const { id, truth } of ledger.answers(eventId)) if (tells(truth)) feedback.add(id);
    return ledger.said(eventId);
  };
  const examples = migrations.map((example) => {
    const about = (predictions.get(example.eventId) ?? []).map(({ id }) => said(id));
    return corrected(example, Object.assign({}, ...about, said(example.eventId)));
  });
  for (const entry of unrun(ledger)) {
    const truth = said(entry.id);
    const example = tells(truth) ? ofPrediction(reader, entry, truth) : undefined;
    if (example) examples.push(example);
  }
  examples.sort((a, b) => a.at - b.at);
  return { examples, feedback: [...feedback].sort() };
}

/** Whether an event adds something to learn from: what people say, and runs that succeeded or failed. */
export function isLabel({ type, status }: Pick<Glance, 'type' | 'status'>): boolean {
  if (type === 'migration_execution') return status === 'ok' || status === 'error';
  return type === 'learning_feedback';
}

function tells({ failed, durationMs }: Truth): boolean {
  return failed !== undefined || durationMs !== undefined;
}

function corrected(example: Example, { failed, durationMs }: Truth): Example {
  if (failed === undefined && durationMs === undefined) return example;
  return {
    ...example,
    ...(failed === undefined ? {} : { failed }),
    ...(durationMs === undefined ? {} : { durationMs }),
  };
}

/** Predictions about migrations that never ran here; what people say of them is all that is known. */
function unrun(ledger: Ledger): Entry[] {
  const seen = new Set<string>();
  return [...ledger.entries.values()].filter((entry) => {
    if (entry.run || entry.judged?.by === undefined || entry.subjectType !== 'migration') return false;
    const key = `${entry.workspace}\0${entry.migration}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** Only where the prediction kept what it knew of the migration. */
function ofPrediction(reader: EventReader, entry: Entry, { failed, durationMs }: Truth): Example | undefined {
  const { data, metadata } = getEvent(reader, entry.id) as TelemetryEvent<'ai_prediction'>;
  const { bytes, operationCounts, destructive, features } = data as Partial<FactFields>;
  if (!operationCounts) return undefined;
  return {
    eventId: entry.id,
    name: entry.migration ?? entry.subject,
    at: entry.at,
    workspace: entry.workspace ?? '',
    author: metadata.user,
    statements: typeof data.statements === 'number' ? data.statements : 0,
    bytes: bytes ?? 0,
    operations: operationCounts,
    destructive: destructive ?? 0,
    environment: entry.environment,
    ...(features ? { further: features } : {}),
    failed,
    durationMs,
  };
}
