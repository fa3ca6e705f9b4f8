/**
 * What is new in the engine, over one subscription for the whole app: a browser allows few open streams, so there is
 * one, and none while the page is hidden.
 */
import { effect, signal } from '@preact/signals';
import type { EventType, TelemetryEvent } from '../../core/contract/event.ts';
import type { Host } from '../hosts/host.ts';

/** Grows when what pages show may have changed: they ask again. */
export const revision = signal(0);

/** Events that change no figure on a page; the engine records them because it was asked. */
const BACKGROUND: ReadonlySet<EventType> = new Set([
  'performance_metric',
  'system_health',
  'user_interaction',
]);
/** At most one refresh in this time, however much arrives. */
const REFRESH_MS = 3_000;

type Listener = (event: TelemetryEvent) => void;
const listeners = new Set<Listener>();

/** Calls `listener` with every event as it arrives; the result ends it. */
export function onLiveEvent(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Asks for everything again. */
export function refresh(): void {
  revision.value++;
}

/** Begins to listen; the result ends it. */
export function startLive(host: Host): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let end: (() => void) | undefined;
  let sawDisconnection = false;

  const receive = (event: TelemetryEvent) => {
    for (const listener of listeners) listener(event);
    if (BACKGROUND.has(event.type)) return;
    timer ??= setTimeout(() => {
      timer = undefined;
      refresh();
    }, REFRESH_MS);
  };
  const followVisibility = () => {
    if (document.visibilityState === 'hidden') {
      end?.();
      end = undefined;
    } else if (!end) {
      end = host.client.subscribe({}, receive);
      refresh();
    }
  };
  document.addEventListener('visibilitychange', followVisibility);
  end = host.client.subscribe({}, receive);
  const endEffect = effect(() => {
    const connected = host.connected.value;
    if (connected && sawDisconnection) refreshLater();
    sawDisconnection = !connected;
  });
  return () => {
    document.removeEventListener('visibilitychange', followVisibility);
    clearTimeout(timer);
    endEffect();
    end?.();
  };
}

/** Not inside the effect that noticed it, which would then run with what it changed. */
function refreshLater(): void {
  queueMicrotask(refresh);
}
