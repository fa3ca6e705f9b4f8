/**
 * A shadow that is kept where a person works: the migrations before the edited one stay applied, so that an edit costs
 * no more than the edited file. What is answered is what a run from nothing would answer, whatever was asked before.
 */
import type { Platform } from '../platform.ts';
import { type Explained, explain, type Gaps, NO_GAPS, notesOn } from './explain.ts';
import {
  type Checkpoints,
  type HistoryKind,
  type MigrationSource,
  nextKey,
  type Passed,
  rootKey,
  toRun,
  verdictsOfRun,
} from './history-state.ts';
import { Cancelled, type JudgeHooks } from './judge.ts';
import type { JudgingShadow, MigrationToRun } from './shadow.ts';
import { setupScript, surroundingsOf } from './surroundings.ts';
import type { FileVerdict, RawVerdict } from './verdict.ts';

export interface IncrementalOptions {
  kind: HistoryKind;
  /** Opens a shadow, empty or from an image. */
  open: (image?: Uint8Array) => Promise<JudgingShadow>;
  /** Names the exact build of the engine. */
  engine: string;
  checkpoints: Checkpoints;
  platform: Pick<Platform, 'sha256' | 'monotonic'>;
}

/** What a caller may want to know or to stop while it waits. */
export interface IncrementalHooks extends JudgeHooks {
  /** Called before each migration that is applied; a throw ends it there. Gives a reason to pass it over. */
  beforeMigration(key: string, index: number): Promise<string | undefined>;
}

/** Making a checkpoint takes about a third of a second: not more than a fifth of the time that it can save. */
const CHECKPOINT_AFTER_MS = 1_500;
/** Restoring one takes about as long as this many migrations. */
const WORTH_RESTORING = 150;
/** Larger files are data; judging them at each edit would help nobody. */
const MOST_CHARACTERS = 5_000_000;
const MOST_REMARKED = 3;
const MOST_ANSWERS = 100;

export class IncrementalShadow {
  readonly #options: IncrementalOptions;
  #shadow: JudgingShadow | undefined;
  #passed: Passed[] = [];
  #gaps: Gaps = NO_GAPS;
  /** A file has really been run in it: it stands for no state of the history any more. */
  #spent = false;
  #sinceCheckpointMs = 0;
  /** The latest answers, for what is undone, saved or looked at again. */
  readonly #answers = new Map<string, FileVerdict>();

  constructor(options: IncrementalOptions) {
    this.#options = options;
  }

  /** Judges a file on top of the history before it. */
  async check(
    history: readonly MigrationSource[],
    last: MigrationSource,
    hooks: IncrementalHooks,
  ): Promise<FileVerdict> {
    const { monotonic } = this.#options.platform;
    const key = this.#keys([...history, last]).at(-1) ?? '';
    const known = this.#answers.get(key);
    if (known) return known;
    if (last.text.length > MOST_CHARACTERS)
      return unjudged(last.name, `it has ${last.text.length} characters`);
    const shadow = await this.#moveTo(history, hooks);
    const began = monotonic();
    const migration = toRun(last, this.#options.kind);
    const raw =
      (await this.#safely(() => shadow.judge(migration, hooks))) ??
      (await this.#really(shadow, migration, hooks));
    const { verdict } = this.#explained(last, migration, raw, monotonic() - began);
    const answer = { ...verdict, notes: [...verdict.notes, ...this.#earlierFailures()] };
    if (this.#answers.size >= MOST_ANSWERS) this.#answers.delete(this.#answers.keys().next().value ?? '');
    this.#answers.set(key, answer);
    return answer;
  }

  /** Judges every migration of a history, each on top of those before it. Without the engine where all is known. */
  async run(history: readonly MigrationSource[], hooks: IncrementalHooks): Promise<FileVerdict[]> {
    const keys = this.#keys(history);
    const kept = this.#options.checkpoints.peek(keys.at(-1) ?? '');
    if (kept) return kept.passed.map(({ verdict }) => verdict);
    await this.#moveTo(history, hooks);
    await this.keep();
    return this.#passed.map(({ verdict }) => verdict);
  }

  /** Makes a checkpoint of the state that it stands at, for later; for a moment when nobody waits. */
  async keep(): Promise<void> {
    const key = this.#passed.at(-1)?.key;
    const { checkpoints } = this.#options;
    if (!this.#shadow || this.#spent || key === undefined || checkpoints.has(key)) return;
    checkpoints.save(key, { passed: this.#passed, gaps: this.#gaps }, await this.#shadow.image());
    this.#sinceCheckpointMs = 0;
  }

  /** Gets ready for the next question, for a moment when nobody waits: a spent shadow is replaced, a good one kept. */
  async rest(): Promise<void> {
    if (this.#spent) {
      const keys = this.#passed.map(({ key }) => key);
      if (this.#options.checkpoints.has(keys.at(-1) ?? '')) await this.#restore(keys);
    } else {
      await this.keep();
    }
  }

  async close(): Promise<void> {
    await this.#shadow?.close();
    this.#shadow = undefined;
  }

  async #moveTo(history: readonly MigrationSource[], hooks: IncrementalHooks): Promise<JudgingShadow> {
    const keys = this.#keys(history);
    const applied = this.#shadow && !this.#spent ? this.#passed : [];
    const onTheWay = applied.length <= keys.length && applied.every(({ key }, i) => key === keys[i]);
    let kept = keys.findLastIndex((key) => this.#options.checkpoints.has(key)) + 1;
    const ahead = onTheWay && this.#shadow && !this.#spent ? applied.length : -1;
    let shadow = ahead >= 0 && kept - ahead <= WORTH_RESTORING ? this.#shadow : undefined;
    while (!shadow) {
      shadow = await this.#restore(keys.slice(0, kept));
      kept =
        keys.slice(0, Math.max(0, kept - 1)).findLastIndex((key) => this.#options.checkpoints.has(key)) + 1;
    }
    for (let i = this.#passed.length; i < history.length; i++) {
      const [source, key] = [history[i], keys[i]];
      if (!source || key === undefined) break;
      await this.#apply(shadow, source, key, await hooks.beforeMigration(key, i));
      if (this.#sinceCheckpointMs > CHECKPOINT_AFTER_MS) await this.keep();
    }
    return shadow;
  }

  #keys(history: readonly MigrationSource[]): string[] {
    const { kind, engine, platform } = this.#options;
    let key = rootKey(kind, engine, platform);
    return history.map((source) => {
      key = nextKey(key, source, platform);
      return key;
    });
  }

  /** Goes to a checkpoint, or with no keys to the beginning. Undefined where the checkpoint turns out to be damaged. */
  async #restore(keys: readonly string[]): Promise<JudgingShadow | undefined> {
    const { open, checkpoints, kind } = this.#options;
    await this.close();
    const last = keys.at(-1);
    const kept = last === undefined ? undefined : checkpoints.load(last);
    if (last !== undefined && !kept) return undefined;
    const shadow = await open(kept?.image);
    this.#shadow = shadow;
    this.#spent = false;
    this.#sinceCheckpointMs = 0;
    this.#passed = kept ? [...kept.passed] : [];
    this.#gaps = kept?.gaps ?? NO_GAPS;
    const setup = setupScript(kind.format, kind.dialect === 'sqlite' ? 'sqlite' : 'postgres');
    if (!kept && setup) await shadow.prepare(setup);
    return shadow;
  }

  async #apply(
    shadow: JudgingShadow,
    source: MigrationSource,
    key: string,
    passOver: string | undefined,
  ): Promise<void> {
    const { monotonic } = this.#options.platform;
    const began = monotonic();
    const migration = toRun(source, this.#options.kind);
    const raw =
      passOver === undefined
        ? verdictsOfRun(await this.#safely(() => shadow.run(migration)))
        : migration.statements.map(
            (): RawVerdict => ({ verdict: 'unjudged', reason: passOver, durationMs: 0 }),
          );
    const durationMs = monotonic() - began;
    const { verdict, gaps } = this.#explained(source, migration, raw, durationMs);
    this.#passed.push({ key, verdict });
    this.#gaps = gaps;
    this.#sinceCheckpointMs += durationMs;
  }

  /** Whatever throws in between, but for an orderly end, leaves a shadow that nobody can vouch for. */
  async #safely<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Cancelled)) this.#spent = true;
      throw error;
    }
  }

  /** Runs a file that only a real run can judge, and leaves the shadow spent where that cannot be undone. */
  async #really(shadow: JudgingShadow, migration: MigrationToRun, hooks: JudgeHooks): Promise<RawVerdict[]> {
    await this.keep();
    this.#spent = true;
    const { verdicts, spent } = await shadow.judgeForReal(migration, hooks);
    this.#spent = spent;
    return verdicts;
  }

  #explained(
    source: MigrationSource,
    migration: MigrationToRun,
    raw: readonly RawVerdict[],
    durationMs: number,
  ): { verdict: FileVerdict; gaps: Gaps } {
    const { dialect } = this.#options.kind;
    const { statements, gaps }: Explained = explain(
      source.text,
      source.name,
      migration.statements,
      raw,
      this.#gaps,
      dialect,
    );
    const { roles } = dialect === 'sqlite' ? { roles: [] } : surroundingsOf(migration.statements);
    const notes = notesOn(statements, gaps, roles);
    const engine = this.#shadow?.version ?? '';
    return { verdict: { name: source.name, engine, statements, notes, durationMs }, gaps };
  }

  #earlierFailures(): string[] {
    const failed = this.#passed.filter(({ verdict }) =>
      verdict.statements.some(({ verdict: is }) => is !== 'works'),
    );
    if (failed.length === 0) return [];
    const names = failed.slice(-MOST_REMARKED).map(({ verdict }) => verdict.name);
    const more = failed.length > names.length ? `, and ${failed.length - names.length} before` : '';
    return [`not everything before it worked in the shadow: ${names.join(', ')}${more}`];
  }
}

/** A file of which nothing can be said. */
export function unjudged(name: string, reason: string): FileVerdict {
  return { name, engine: '', statements: [], unjudged: reason, notes: [], durationMs: 0 };
}
