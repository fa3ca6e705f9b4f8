/**
 * Answers the main process with the session of a data folder: calls of the method table, and live events. Knows no
 * Electron, so that it runs behind any channel.
 */
import type { Transport } from '../../core/contract/client.ts';
import { TelemetryError } from '../../core/contract/errors.ts';
import type { TelemetryEvent } from '../../core/contract/event.ts';
import type { Params, Result } from '../../core/contract/methods.ts';
import { uuidV7Source } from '../../core/events/ids.ts';
import type { Backend } from '../../core/node/engine/host.ts';
import type { Session } from '../../core/node/engine/session.ts';
import type { ImportProgress } from '../../core/node/import/import-repository.ts';
import { nodePlatform } from '../../core/node/platform.ts';
import type { PrintPdf } from '../../core/report/make.ts';
import type { FromHost, ImportOutcome, SubscribeOptions, ToHost } from './messages.ts';

/** What the host needs of a session. */
export type HostSession = Pick<Backend, 'dispatch' | 'subscribe'> & Pick<Session, 'isOwner' | 'close'>;

/** Imports a repository into the session, which is open by then. */
export type Importer = (
  root: string,
  cancelled: () => boolean,
  onProgress: (progress: ImportProgress) => void,
) => Promise<ImportOutcome>;

export class EngineHost {
  readonly #session: Promise<HostSession>;
  readonly #post: (message: FromHost) => void;
  readonly #newId = uuidV7Source(nodePlatform);
  readonly #sessionId = this.#newId();
  readonly #subscriptions = new Map<number, () => void>();
  readonly #import: Importer | undefined;
  /** Imports that run, and whether each was cancelled. */
  readonly #imports = new Map<number, { cancelled: boolean }>();
  readonly #prints = new Map<string, PromiseWithResolvers<string>>();

  /**
   * Opens the session at once and says `ready`, or `failed` with the reason. `open` is given a way to print, for reports
   * that the engine makes by itself.
   */
  constructor(
    open: (print: PrintPdf) => Promise<HostSession>,
    post: (message: FromHost) => void,
    importer?: Importer,
  ) {
    this.#post = post;
    this.#import = importer;
    this.#session = open(async (html) => Buffer.from(await this.#print(html), 'base64'));
    this.#session.then(
      ({ isOwner }) => post({ kind: 'ready', owner: isOwner }),
      (error) => post({ kind: 'failed', problem: problemOf(error) }),
    );
  }

  /** Takes one message of the main process; `close` resolves when the session is closed. */
  async handle(message: ToHost): Promise<void> {
    switch (message.kind) {
      case 'call':
        return this.#call(message);
      case 'subscribe':
        return this.#subscribe(message.id, message.options);
      case 'unsubscribe':
        return this.#unsubscribe(message.id);
      case 'import':
        return this.#runImport(message.id, message.root);
      case 'cancel-import': {
        const running = this.#imports.get(message.id);
        if (running) running.cancelled = true;
        return;
      }
      case 'printed':
        return this.#printed(message);
      case 'close':
        return this.close(message.reason);
    }
  }

  /** Ends subscriptions and session: everything acknowledged is on the disk when this resolves. */
  async close(reason: string): Promise<void> {
    for (const id of [...this.#subscriptions.keys()]) this.#unsubscribe(id);
    for (const running of this.#imports.values()) running.cancelled = true;
    const session = await this.#session.catch(() => undefined);
    await session?.close(reason);
  }

  async #call({ id, method, params }: Extract<ToHost, { kind: 'call' }>): Promise<void> {
    const requestId = this.#newId();
    try {
      const session = await this.#session;
      const caller = { role: 'admin', via: 'desktop', requestId, sessionId: this.#sessionId } as const;
      const call: Transport = (name, given) => session.dispatch(name, given, caller);
      const result = isPdf(method, params)
        ? await this.#reportAsPdf(call, params)
        : await call(method, params as never);
      this.#post({ kind: 'result', id, result });
    } catch (error) {
      this.#post({ kind: 'problem', id, problem: problemOf(error, requestId) });
    }
  }

  /** Events that are recorded together are handed over together. */
  async #subscribe(id: number, options: SubscribeOptions): Promise<void> {
    const session = await this.#session;
    let waiting: TelemetryEvent[] = [];
    const flush = () => {
      const events = waiting;
      waiting = [];
      if (this.#subscriptions.has(id)) this.#post({ kind: 'events', id, events });
    };
    this.#unsubscribe(id);
    this.#subscriptions.set(
      id,
      session.subscribe(options, (event) => {
        if (waiting.length === 0) setImmediate(flush);
        waiting.push(event);
      }),
    );
  }

  /** As a page from whoever hosts the engine, which may have no printer; the main process of this app has one. */
  async #reportAsPdf(call: Transport, params: Params<'reports.make'>): Promise<Result<'reports.make'>> {
    const report = await call('reports.make', { ...params, format: 'html' });
    return {
      ...report,
      fileName: report.fileName.replace(/\.html$/, '.pdf'),
      contentType: 'application/pdf',
      encoding: 'base64',
      content: await this.#print(report.content),
    };
  }

  /** The PDF of a page in base64. Rejects with `unavailable` and the reason. */
  #print(html: string): Promise<string> {
    const print = this.#newId();
    const waiting = Promise.withResolvers<string>();
    this.#prints.set(print, waiting);
    this.#post({ kind: 'print', print, html });
    return waiting.promise;
  }

  #printed({ print, pdf, why }: Extract<ToHost, { kind: 'printed' }>): void {
    const waiting = this.#prints.get(print);
    this.#prints.delete(print);
    if (pdf !== undefined) waiting?.resolve(pdf);
    else
      waiting?.reject(
        new TelemetryError('unavailable', `The report was not printed: ${why ?? 'no reason given'}.`),
      );
  }

  async #runImport(id: number, root: string): Promise<void> {
    const running = { cancelled: false };
    this.#imports.set(id, running);
    try {
      if (!this.#import) throw new TelemetryError('unavailable', 'Nothing can be imported here.');
      await this.#session;
      const outcome = await this.#import(
        root,
        () => running.cancelled,
        ({ folder: place, done, total, name }) =>
          this.#post({ kind: 'import-progress', id, place, done, total, name }),
      );
      this.#post({ kind: 'import-done', id, outcome });
    } catch (error) {
      this.#post({ kind: 'import-failed', id, problem: problemOf(error) });
    } finally {
      this.#imports.delete(id);
    }
  }

  #unsubscribe(id: number): void {
    this.#subscriptions.get(id)?.();
    this.#subscriptions.delete(id);
  }
}

function isPdf(method: string, params: unknown): params is Params<'reports.make'> {
  return method === 'reports.make' && (params as { format?: unknown } | null)?.format === 'pdf';
}

/** Unexpected errors go to the log with their stack and to the page without it. */
function problemOf(error: unknown, requestId?: string) {
  if (TelemetryError.is(error)) return error.toProblem(requestId);
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  return new TelemetryError(
    'internal',
    'Something went wrong in the engine; its log has the details.',
  ).toProblem(requestId);
}
