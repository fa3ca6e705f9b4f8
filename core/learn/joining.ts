/** Records what came of predictions, without anybody waiting for it. */
import type { EventInput } from '../contract/event.ts';
import type { Params } from '../contract/methods.ts';
import type { Platform } from '../platform.ts';
import { getEvent } from '../store/event-queries.ts';
import type { EventReader } from '../store/event-reader.ts';
import { accuracyEvent } from './judging.ts';
import type { Entry } from './ledger-entry.ts';

export interface JoiningOptions {
  platform: Pick<Platform, 'sha256'>;
  /** Records all or nothing; resolves once it is durable. */
  record: (events: EventInput[]) => Promise<void>;
}

export class Joining {
  readonly #options: JoiningOptions;
  #under: Promise<unknown> = Promise.resolve();

  constructor(options: JoiningOptions) {
    this.#options = options;
  }

  /** Takes predictions that a run closed. */
  add(closed: readonly Entry[]): void {
    if (closed.length === 0) return;
    this.#under = Promise.all([this.#under, this.#judge(closed).catch(() => undefined)]);
  }

  /** Resolves once everything so far is recorded. */
  async settled(): Promise<void> {
    await this.#under;
  }

  /** Ids are derived from the predictions, so what was recorded before is acknowledged and not stored again. */
  async #judge(closed: readonly Entry[]): Promise<void> {
    const open = closed.filter(({ judged }) => !judged || judged.by !== undefined);
    const events = open.flatMap((entry) => accuracyEvent(entry, this.#options.platform) ?? []);
    if (events.length > 0) await this.#options.record(events);
  }
}

/**
 * The event of a run that somebody tells of, with what the predictions of its migration knew, so that the models learn
 * from it.
 */
export function executionOf(
  reader: EventReader,
  { migration, workspace, outcome, durationMs, environment }: Params<'predictions.resolve'>,
  open: readonly Entry[],
): EventInput<'migration_execution'> {
  const known = Object.entries(factsOf(reader, open)).filter(([, value]) => value !== undefined);
  return {
    type: 'migration_execution',
    source: 'engine:telemetry-engine',
    data: {
      ...Object.fromEntries(known),
      migration,
      outcome,
      ...(durationMs === undefined ? {} : { durationMs }),
      ...(environment === undefined ? {} : { environment }),
    },
    metadata: workspace === undefined ? {} : { workspace },
  };
}

function factsOf(reader: EventReader, open: readonly Entry[]): Record<string, unknown> {
  for (const { id } of open) {
    const { bytes, operationCounts, operations, destructive, statements, features } = getEvent(
      reader,
      id,
    ).data;
    if (operationCounts !== undefined)
      return { bytes, operationCounts, operations, destructive, statements, features };
  }
  return {};
}
