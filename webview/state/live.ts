/**
 * What is new in the engine, over one subscription for the whole app: a browser allows few open streams, so there is
 * one, and none while the page is hidden.
 */
import { effect, signal } from '@preact/signals';
import type { EventType, TelemetryEvent } from '../../core/contract/event.ts';
import type { Host } from '../hosts/host.ts';

/** Grows when what pages show may have changed: they ask again. */
export const revision = signal(0);
/** Grows when it listens again after a time in which it did not: events may have been missed. */
export const resumptions = signal(0);

/** Events that change no figure on a page; the engine records them because it was asked. */
const BACKGROUND: ReadonlySet<EventType> = new Set([
  'performance_metric',
  'system_health',
  'user_interaction',
]);
/** At most one refresh in this time, however much arrives. */
const REFRESH_MS = 3_000;
/** And the engine has this many times as long for its own work as it needs to answer the slowest question. */
const REST = 10;

type Listener = (event: TelemetryEvent) => void;
const listeners = new Set<Listener>();
/** Of the answers since the last refresh. */
let slowestMs = 0;

/** Calls `listener` with every event as it arrives; the result ends it. */
export function onLiveEvent(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Asks for everything again. */
export function refresh(): void {
  revision.value++;
}

/** Says how long an answer took. */
export function answeredAfter(ms: number): void {
  slowestMs = Math.max(slowestMs, ms);
}

/** Begins to listen; the result ends it. */
export function startLive(host: Host): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let end: (() => void) | undefined;
  let sawDisconnection = false;

  const receive = (event: TelemetryEvent) => {
    for (const listener of listeners) listener(event);
    if (BACKGROUND.has(event.type)) return;
    timer ??= setTimeout(
      () => {
        timer = undefined;
        slowestMs = 0;
        refresh();
      },
      Math.max(REFRESH_MS, slowestMs * REST),
    );
  };
  const followVisibility = () => {
    if (document.visibilityState === 'hidden') {
      end?.();
      end = undefined;
    } else if (!end) {
      end = host.client.subscribe({}, receive);
      resume();
    }
  };
  document.addEventListener('visibilitychange', followVisibility);
  end = host.client.subscribe({}, receive);
  const endEffect = effect(() => {
    const connected = host.connected.value;
    // Not inside of the effect that noticed it, which would then run with what it changed.
    if (connected && sawDisconnection) queueMicrotask(resume);
    sawDisconnection = !connected;
  });
  return () => {
    document.removeEventListener('visibilitychange', followVisibility);
    clearTimeout(timer);
    endEffect();
    end?.();
  };
}

function resume(): void {
  resumptions.value++;
  refresh();
}
