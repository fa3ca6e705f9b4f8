/** Imports of repositories that the reader dropped or chose: one at a time, with progress, until done or cancelled. */
import type { FromHost, ImportOutcome, ToHost } from '../engine/messages.ts';
import type { EngineSupervisor } from './engine-supervisor.ts';

export interface ImportsOptions {
  supervisor: Pick<EngineSupervisor, 'state' | 'post' | 'onMessage' | 'onState'>;
  /** Share from 0 to 1 and what is under way; undefined when it has ended. */
  progress(progress: { share: number; text: string } | undefined): void;
  /** What came of it, for a person. */
  tell(title: string, text: string): void;
}

export class Imports {
  readonly #options: ImportsOptions;
  #current: { id: number; root: string } | undefined;
  #lastId = 0;

  constructor(options: ImportsOptions) {
    this.#options = options;
    options.supervisor.onMessage((message) => this.#receive(message));
    options.supervisor.onState(({ kind }) => {
      if (kind !== 'ready' && kind !== 'starting' && this.#current)
        this.#end(
          'The import ended',
          'The engine ended while it ran. What was recorded is kept; import again to go on.',
        );
    });
  }

  get isRunning(): boolean {
    return this.#current !== undefined;
  }

  begin(root: string): void {
    const { supervisor, tell, progress } = this.#options;
    if (this.#current) {
      tell('One import at a time', `${this.#current.root} is being imported.`);
    } else if (supervisor.state.kind !== 'ready') {
      tell('Not imported', 'The engine is not ready yet; try again in a moment.');
    } else {
      this.#current = { id: ++this.#lastId, root };
      progress({ share: 0, text: 'looking for migrations' });
      supervisor.post({ kind: 'import', id: this.#current.id, root });
    }
  }

  /** What is recorded by then stays. */
  cancel(): void {
    if (this.#current)
      this.#options.supervisor.post({ kind: 'cancel-import', id: this.#current.id } satisfies ToHost);
  }

  #receive(message: FromHost): void {
    if (!('id' in message) || message.id !== this.#current?.id) return;
    if (message.kind === 'import-progress') {
      const { place, done, total, name } = message;
      this.#options.progress({
        share: total === 0 ? 1 : done / total,
        text: `${place}: ${done} of ${total} ${name}`.trim(),
      });
    } else if (message.kind === 'import-done') {
      this.#end(...outcomeText(message.outcome));
    } else if (message.kind === 'import-failed') {
      this.#end('Not imported', message.problem.detail);
    }
  }

  #end(title: string, text: string): void {
    this.#current = undefined;
    this.#options.progress(undefined);
    this.#options.tell(title, text);
  }
}

/** Title and text of a notification. */
export function outcomeText({ histories, imported, failed, cancelled }: ImportOutcome): [string, string] {
  if (cancelled) return ['Import cancelled', `${migrations(imported)} imported before; they stay.`];
  if (histories === 0) return ['No migrations found', 'No folder of migrations was found in there.'];
  if (imported === 0) return ['Nothing new', 'Every migration was imported before.'];
  return ['Imported', `${migrations(imported)}, ${failed === 0 ? 'none' : failed} of them failed.`];
}

function migrations(count: number): string {
  return `${count} ${count === 1 ? 'migration' : 'migrations'}`;
}
