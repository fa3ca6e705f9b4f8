/** Tells the editor how things are: the engine's state, today's events of the workspace, what was recorded last. */
import type { TelemetryClient } from '../../core/contract/client.ts';
import { type EventType, isType, type TelemetryEvent } from '../../core/contract/event.ts';
import type { Session } from '../../core/node/engine/session.ts';
import type { LastRecorded, ServerStatus } from '../protocol.ts';
import { t } from '../text.ts';
import type { LinkState } from './engine-link.ts';

const SHOWN_TYPES: EventType[] = ['schema_operation', 'migration_execution', 'error_occurrence'];
/** Events come in batches; the figures follow them at this distance. */
const SETTLE_MS = 250;

export interface StatusOptions {
  state: () => LinkState;
  session: () => Promise<Session>;
  dataFolder: string;
  folders: () => ServerStatus['folders'];
  publish: (status: ServerStatus) => void;
}

export class StatusReporter {
  readonly #options: StatusOptions;
  #figures: Pick<ServerStatus, 'today' | 'last'> = { today: [] };
  #settling: NodeJS.Timeout | undefined;
  #midnight: NodeJS.Timeout | undefined;
  #unsubscribe: (() => void) | undefined;

  constructor(options: StatusOptions) {
    this.#options = options;
  }

  /** Follows the engine's events from now on. */
  async follow(): Promise<void> {
    const session = await this.#options.session();
    this.#unsubscribe = session.subscribe({}, ({ metadata }) => {
      if (this.#options.folders().some(({ workspace }) => workspace === metadata.workspace)) this.refresh();
    });
    this.refresh();
  }

  /** Publishes the engine's state at once, with the figures as they were. */
  publish(): void {
    this.#options.publish({
      ...this.#options.state(),
      ...this.#figures,
      dataFolder: this.#options.dataFolder,
      folders: this.#options.folders(),
    });
  }

  /** Works the figures out anew and publishes, soon. */
  refresh(): void {
    this.#settling ??= setTimeout(() => {
      this.#settling = undefined;
      this.#workOut().then(
        () => this.publish(),
        () => this.publish(),
      );
    }, SETTLE_MS);
  }

  stop(): void {
    this.#unsubscribe?.();
    clearTimeout(this.#settling);
    clearTimeout(this.#midnight);
  }

  async #workOut(): Promise<void> {
    const client = (await this.#options.session()).client();
    const today = new Date().setHours(0, 0, 0, 0);
    const counts = new Map<EventType, number>();
    let last: TelemetryEvent | undefined;
    for (const { workspace } of this.#options.folders()) {
      for (const { name, count } of await countsSince(client, today, workspace))
        counts.set(name, (counts.get(name) ?? 0) + count);
      const { items } = await client.call('events.list', { workspace, type: SHOWN_TYPES, limit: 1 });
      if (items[0] && (!last || items[0].timestamp > last.timestamp)) last = items[0];
    }
    this.#figures = {
      today: [...counts].map(([type, count]) => ({ type, count })).sort((a, b) => b.count - a.count),
      ...(last ? { last: lastRecorded(last) } : {}),
    };
    clearTimeout(this.#midnight);
    this.#midnight = setTimeout(() => this.refresh(), new Date().setHours(24, 0, 1, 0) - Date.now());
  }
}

async function countsSince(client: TelemetryClient, from: number, workspace: string) {
  const { byType } = await client.call('stats.get', { from: new Date(from).toISOString(), workspace });
  return byType as { name: EventType; count: number }[];
}

/** An event in the words of the tooltip. */
export function lastRecorded(event: TelemetryEvent): LastRecorded {
  const { file, line } = event.data as { file?: string; line?: number };
  return {
    what: inWords(event),
    at: event.timestamp,
    ...(file === undefined ? {} : { file }),
    ...(line === undefined ? {} : { line }),
  };
}

function inWords(event: TelemetryEvent): string {
  if (isType(event, 'schema_operation')) {
    const { operation, objects = [] } = event.data;
    return objects.length === 0 ? operation : t('{0} on {1}', operation, objects[0] ?? '');
  }
  if (isType(event, 'migration_execution')) return `${event.data.migration}: ${event.data.outcome}`;
  return isType(event, 'error_occurrence') ? event.data.message : event.type;
}
