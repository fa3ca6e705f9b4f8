/** The other end of `judge-worker.ts`: starts the process, sends it only what it has not heard yet, hears why it ended. */
import { type ChildProcess, fork } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { TelemetryError } from '../../contract/errors.ts';
import type { HistoryKind, MigrationSource } from '../../shadow/history-state.ts';
import { workerScript } from '../assets.ts';
import { V8_FLAGS } from './process.ts';
import type { Bounds, LastWord } from './watchdog.ts';

export interface JudgeBounds extends Bounds {
  /** Longest time of one migration of the history, in milliseconds. */
  migrationMs: number;
}

export interface Opening {
  kind: HistoryKind;
  cacheFolder: string;
  bounds: JudgeBounds;
  /** Text of a migration or statement that once took the process down, to why it is not run again. */
  refusedMigrations: Record<string, string>;
  refusedStatements: Record<string, string>;
}

export interface Question {
  /** This many migrations of the history that was sent before stay as they are. */
  keep: number;
  append: MigrationSource[];
  /** The file to judge; without one every migration of the history is. */
  last?: MigrationSource;
}

export type JudgeMessage = { opening: Opening } | { cancel: number } | { id: number; question: Question };
export type JudgeAnswer =
  | { id: number; result: unknown }
  | { id: number; error: string }
  | { id: number; cancelled: true };

/** The process ended in the middle of a question. */
export class JudgeDied extends Error {
  readonly lastWord: LastWord | undefined;

  constructor(lastWord: LastWord | undefined, code: number | null) {
    super(lastWord ? `stopped: too much ${lastWord.why}` : `the shadow ended with code ${code}`);
    this.lastWord = lastWord;
  }
}

/** The asker does not want the answer any more. */
export class NotWanted extends Error {}

export class JudgeProcess {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  #sent: readonly MigrationSource[] = [];
  #nextId = 1;
  #said = '';
  #dead: Error | undefined;

  /** @param background whether it stands back behind other processes */
  constructor(opening: Opening, background = false) {
    this.#child = fork(fileURLToPath(workerScript('judge')), {
      execArgv: V8_FLAGS,
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    if (background) standBack(this.#child);
    this.#child.stdout?.on('data', (chunk: Buffer) => {
      this.#said = (this.#said + chunk.toString('utf8')).slice(-1_000);
    });
    this.#child.on('message', (answer: JudgeAnswer) => this.#answered(answer));
    this.#child.on('error', (error) => this.#fail(error));
    // Not `exit`: what the watchdog wrote last may still be on its way then.
    this.#child.on('close', (code) => this.#fail(new JudgeDied(lastWordIn(this.#said), code)));
    this.#send({ opening });
  }

  get isAlive(): boolean {
    return this.#dead === undefined;
  }

  /** Rejects with {@link JudgeDied}, {@link NotWanted} or what went wrong. */
  async ask(
    history: readonly MigrationSource[],
    last: MigrationSource | undefined,
    signal?: AbortSignal,
  ): Promise<unknown> {
    if (this.#dead) throw this.#dead;
    if (signal?.aborted) throw new NotWanted();
    const id = this.#nextId++;
    const waiting = Promise.withResolvers<unknown>();
    this.#waiting.set(id, waiting);
    const keep = sameAtStart(this.#sent, history);
    this.#sent = [...history];
    this.#send({ id, question: { keep, append: history.slice(keep), ...(last ? { last } : {}) } });
    const cancel = () => this.#send({ cancel: id });
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      return await waiting.promise;
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }

  close(): void {
    this.#fail(new TelemetryError('unavailable', 'The shadow was closed.'));
    this.#child.kill('SIGKILL');
  }

  #answered(answer: JudgeAnswer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if ('result' in answer) waiting?.resolve(answer.result);
    else if ('cancelled' in answer) waiting?.reject(new NotWanted());
    else waiting?.reject(new TelemetryError('internal', `Shadow database: ${answer.error}`));
  }

  #send(message: JudgeMessage): void {
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }

  #fail(error: Error): void {
    this.#dead ??= error;
    for (const waiting of this.#waiting.values()) waiting.reject(this.#dead);
    this.#waiting.clear();
  }
}

/** Some systems forbid it; then it runs as others do. */
function standBack({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {}
}

function sameAtStart(before: readonly MigrationSource[], now: readonly MigrationSource[]): number {
  let same = 0;
  while (
    same < before.length &&
    same < now.length &&
    before[same]?.name === now[same]?.name &&
    before[same]?.text === now[same]?.text
  ) {
    same++;
  }
  return same;
}

function lastWordIn(said: string): LastWord | undefined {
  const line = said.trimEnd().split('\n').at(-1) ?? '';
  try {
    return JSON.parse(line) as LastWord;
  } catch {
    return undefined;
  }
}
