/**
 * The shadow as a service: says what the engine says of a migration on top of the history before it, as often as
 * someone types. Each history is kept applied in a process of its own; what takes a process down is not run again.
 */
import { TelemetryError } from '../../contract/errors.ts';
import type { HistoryKind, MigrationSource } from '../../shadow/history-state.ts';
import { toRun } from '../../shadow/history-state.ts';
import { unjudged } from '../../shadow/incremental.ts';
import type { FileVerdict } from '../../shadow/verdict.ts';
import { shadowDialect } from '../import/history-shadow.ts';
import { loadParsers } from '../parsers.ts';
import { type JudgeBounds, JudgeDied, JudgeProcess, type Opening } from './judge-process.ts';
import type { LastWord } from './watchdog.ts';

/** A migration history as its files, or what is typed into them, have it; in the order in which its tool runs it. */
export interface ShadowHistory extends HistoryKind {
  /** Tells histories apart; an absolute folder for example. */
  id: string;
  migrations: readonly MigrationSource[];
}

export interface ShadowServiceOptions {
  /** Where states are kept between sessions; safe to delete. */
  cacheFolder: string;
  bounds?: Partial<JudgeBounds>;
  /** Most histories that are kept applied at a time. */
  mostAlive?: number;
  /** Whether its processes stand back behind others: somebody is typing, who must not wait for a long history. */
  background?: boolean;
}

/** A warm process takes 250 to 400 MB, a large data migration more. */
const BOUNDS: JudgeBounds = { stepMs: 10_000, migrationMs: 60_000, memoryBytes: 2_500_000_000 };
const MOST_ALIVE = 2;
/** A process that nobody asks is ended after this time; its state is on the disk. */
const UNUSED_MS = 10 * 60_000;
/** A file may hold this many statements that take the process down before it is left alone. */
const MOST_RESTARTS = 4;

interface Keeper {
  opening: Opening;
  process: JudgeProcess | undefined;
  usedAt: number;
  unused: NodeJS.Timeout | undefined;
}

export class ShadowService {
  readonly #options: ShadowServiceOptions;
  readonly #bounds: JudgeBounds;
  readonly #keepers = new Map<string, Keeper>();

  constructor(options: ShadowServiceOptions) {
    this.#options = options;
    this.#bounds = { ...BOUNDS, ...options.bounds };
  }

  /**
   * What the engine says of `last` on top of all migrations of the history, which it is not one of. Rejects with
   * `NotWanted` when the signal is raised meanwhile, with a `TelemetryError` where there is no answer.
   */
  async check(history: ShadowHistory, last: MigrationSource, signal?: AbortSignal): Promise<FileVerdict> {
    if (!shadowDialect(history.dialect)) return unjudged(last.name, notRun(history));
    return (await this.#ask(history, last, signal)) as FileVerdict;
  }

  /** What the engine says of each migration of the history, in order. What is known from before is not run again. */
  async run(history: ShadowHistory, signal?: AbortSignal): Promise<FileVerdict[]> {
    if (!shadowDialect(history.dialect)) {
      return history.migrations.map(({ name }) => unjudged(name, notRun(history)));
    }
    return (await this.#ask(history, undefined, signal)) as FileVerdict[];
  }

  /** Ends every process. */
  close(): void {
    for (const keeper of this.#keepers.values()) end(keeper);
    this.#keepers.clear();
  }

  async #ask(
    history: ShadowHistory,
    last: MigrationSource | undefined,
    signal?: AbortSignal,
  ): Promise<unknown> {
    const keeper = this.#keeperOf(history);
    for (let restarts = 0; ; restarts++) {
      keeper.process ??= new JudgeProcess(keeper.opening, this.#options.background);
      try {
        return await keeper.process.ask(history.migrations, last, signal);
      } catch (error) {
        if (!keeper.process?.isAlive) keeper.process = undefined;
        if (!(error instanceof JudgeDied)) throw error;
        if (!error.lastWord || restarts === MOST_RESTARTS) throw gone(error, restarts);
        await this.#refuse(keeper, error.lastWord, history, last);
      } finally {
        this.#used(keeper);
      }
    }
  }

  /** Remembers what took the process down, so that it is passed over from now on. */
  async #refuse(
    { opening }: Keeper,
    { why, step }: LastWord,
    { migrations }: ShadowHistory,
    last: MigrationSource | undefined,
  ): Promise<void> {
    const { stepMs, migrationMs, memoryBytes } = this.#bounds;
    const limit = step < 0 ? migrationMs : stepMs;
    const reason =
      why === 'time'
        ? `it was stopped in the shadow after ${limit / 1_000} s`
        : `it was stopped in the shadow at ${Math.round(memoryBytes / 1e6)} MB of memory`;
    if (step < 0) {
      const { text } = migrations[-1 - step] ?? { text: '' };
      opening.refusedMigrations[text] = reason;
    } else if (last) {
      await loadParsers();
      const { text } = toRun(last, opening.kind).statements[step] ?? { text: '' };
      opening.refusedStatements[text] = reason;
    }
  }

  #keeperOf({ id, dialect, format }: ShadowHistory): Keeper {
    const key = `${dialect}\n${format}\n${id}`;
    const known = this.#keepers.get(key);
    if (known) return known;
    const opening: Opening = {
      kind: { dialect, format },
      cacheFolder: this.#options.cacheFolder,
      bounds: this.#bounds,
      refusedMigrations: {},
      refusedStatements: {},
    };
    const keeper: Keeper = { opening, process: undefined, usedAt: 0, unused: undefined };
    this.#keepers.set(key, keeper);
    this.#makeRoom();
    return keeper;
  }

  #makeRoom(): void {
    const alive = [...this.#keepers.values()].filter((keeper) => keeper.process);
    alive.sort((a, b) => a.usedAt - b.usedAt);
    const most = this.#options.mostAlive ?? MOST_ALIVE;
    for (const keeper of alive.slice(0, Math.max(0, alive.length - most + 1))) end(keeper);
  }

  #used(keeper: Keeper): void {
    keeper.usedAt = performance.now();
    clearTimeout(keeper.unused);
    keeper.unused = setTimeout(() => end(keeper), UNUSED_MS);
    keeper.unused.unref();
  }
}

function end(keeper: Keeper): void {
  clearTimeout(keeper.unused);
  keeper.process?.close();
  keeper.process = undefined;
}

function notRun({ dialect }: ShadowHistory): string {
  return `${dialect} is not run in the shadow database`;
}

function gone({ message }: JudgeDied, restarts: number): TelemetryError {
  const again = restarts === 0 ? '' : `, after ${restarts} restarts`;
  return new TelemetryError('unavailable', `The shadow database gave no answer: ${message}${again}.`);
}
