/** How the editor's extension host does, and when the engine went and came back. Quiet: a few events an hour at most. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Resources } from '../../../core/contract/event.ts';
import type { ServerStatus } from '../../protocol.ts';
import type { Disposable } from '../disposables.ts';
import type { Observer } from './observer.ts';

const EVERY_MS = 15 * 60_000;
/** A host that is blocked for longer than this makes typing wait. */
const SLOW_MS = 100;

export class HostHealth implements Disposable {
  readonly #observer: Observer;
  readonly #delays = monitorEventLoopDelay({ resolution: 20 });
  readonly #timer: NodeJS.Timeout;
  #engine: ServerStatus['engine'] = 'starting';
  #wasRunning = false;

  constructor(observer: Observer) {
    this.#observer = observer;
    this.#delays.enable();
    this.#timer = setInterval(() => this.#sample(), EVERY_MS);
    this.#timer.unref();
  }

  /** To be told of every state of the engine; the first start is no news. */
  engineIs(engine: ServerStatus['engine']): void {
    if (engine === this.#engine) return;
    this.#engine = engine;
    if (this.#wasRunning && engine !== 'running')
      this.#say('engine', engine === 'lost' ? 'failing' : 'starting');
    else if (this.#wasRunning) this.#say('engine', 'ok');
    this.#wasRunning ||= engine === 'running';
  }

  dispose(): void {
    clearInterval(this.#timer);
    this.#delays.disable();
  }

  #sample(): void {
    const lag = this.#delays.percentile(99) / 1e6;
    this.#delays.reset();
    this.#say('editor-host', lag > SLOW_MS ? 'degraded' : 'ok', {
      eventLoopLagMs: Math.round(lag * 10) / 10,
      memoryBytes: process.memoryUsage().rss,
    });
  }

  #say(component: string, state: 'ok' | 'degraded' | 'failing' | 'starting', resources?: Resources): void {
    this.#observer.observe({
      type: 'system_health',
      source: 'vscode:host',
      data: { component, state },
      ...(resources ? { metadata: { resources } } : {}),
    });
  }
}
