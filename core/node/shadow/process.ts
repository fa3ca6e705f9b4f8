/**
 * A shadow in a process of its own: neither its start nor a long statement holds anything up, a crash stays there, and
 * its memory is given back when it ends.
 */
import { TelemetryError } from '../../contract/errors.ts';
import type { SchemaSnapshot } from '../../schema/snapshot.ts';
import { type SnapshotMessage, SnapshotReceiver } from '../../schema/snapshot-delta.ts';
import type { MigrationRun, MigrationToRun, Shadow } from '../../shadow/shadow.ts';
import { type ShadowHost, startShadowHost } from './shadow-host.ts';

/** Dialects that can be run in a shadow. */
export type ShadowDialect = 'postgres' | 'sqlite';

type Call =
  | { method: 'start'; args: [ShadowDialect, Uint8Array | undefined] }
  | { method: 'prepare'; args: [string] }
  | { method: 'run'; args: [MigrationToRun] }
  | { method: 'snapshot' | 'image' | 'close'; args: [] };

export interface ShadowRequest {
  id: number;
  call: Call;
}
export type ShadowAnswer = { id: number; result: unknown } | { id: number; error: string };

/**
 * PostgreSQL's largest functions cost V8's optimising compiler close to a gigabyte for a moment, and a history is over
 * before that pays: the baseline compiler alone takes a third of the memory in about the same time.
 */
export const V8_FLAGS = ['--liftoff-only'];

/** A migration that takes longer than this is stopped; WebAssembly can only be stopped as a whole. */
const MIGRATION_TIMEOUT_MS = 120_000;

export class ShadowProcess implements Shadow {
  version = '';
  readonly #child: ShadowHost;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  readonly #snapshots = new SnapshotReceiver();
  #nextId = 1;
  #dead: TelemetryError | undefined;

  private constructor() {
    this.#child = startShadowHost(V8_FLAGS);
    this.#child.onMessage((message) => {
      const answer = message as ShadowAnswer;
      const waiting = this.#waiting.get(answer.id);
      this.#waiting.delete(answer.id);
      if ('error' in answer)
        waiting?.reject(new TelemetryError('internal', `Shadow database: ${answer.error}`));
      else waiting?.resolve(answer.result);
    });
    this.#child.onError((error) => this.#fail(`The shadow database cannot be started: ${error.message}`));
    this.#child.onExit((code) => this.#fail(`The shadow database ended with code ${code}.`));
  }

  /** Starts a shadow, equal to the one that `image` came from where one is given. */
  static async start(dialect: ShadowDialect, image?: Uint8Array): Promise<ShadowProcess> {
    const shadow = new ShadowProcess();
    try {
      shadow.version = (await shadow.#call({ method: 'start', args: [dialect, image] })) as string;
      return shadow;
    } catch (error) {
      shadow.#child.kill();
      throw error;
    }
  }

  async prepare(sql: string): Promise<void> {
    await this.#call({ method: 'prepare', args: [sql] });
  }

  /** Rejects with `unavailable` when it takes too long; the shadow is gone then. */
  async run(migration: MigrationToRun, timeoutMs = MIGRATION_TIMEOUT_MS): Promise<MigrationRun> {
    const timer = setTimeout(() => {
      this.#fail(`stopped after ${timeoutMs / 1000} s in the shadow database`);
      this.#child.kill();
    }, timeoutMs);
    try {
      return (await this.#call({ method: 'run', args: [migration] })) as MigrationRun;
    } finally {
      clearTimeout(timer);
    }
  }

  async snapshot(): Promise<SchemaSnapshot> {
    return this.#snapshots.decode((await this.#call({ method: 'snapshot', args: [] })) as SnapshotMessage);
  }

  async image(): Promise<Uint8Array> {
    return (await this.#call({ method: 'image', args: [] })) as Uint8Array;
  }

  async close(): Promise<void> {
    if (this.#dead) return;
    await this.#call({ method: 'close', args: [] }).catch(() => undefined);
    this.#child.kill();
  }

  #call(call: Call): Promise<unknown> {
    if (this.#dead) return Promise.reject(this.#dead);
    const id = this.#nextId++;
    const waiting = Promise.withResolvers<unknown>();
    this.#waiting.set(id, waiting);
    this.#child.send({ id, call } satisfies ShadowRequest);
    return waiting.promise;
  }

  #fail(message: string): void {
    this.#dead ??= new TelemetryError('unavailable', message);
    for (const waiting of this.#waiting.values()) waiting.reject(this.#dead);
    this.#waiting.clear();
  }
}
