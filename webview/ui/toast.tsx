/** Short messages at the edge of the window: what was done, and a way to take it back. */
import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { Icon } from './icon.tsx';
import type { Tone } from './status.tsx';

export interface ToastOptions {
  tone?: Tone;
  /** Takes back what was done; the toast then goes. */
  undo?: () => void | Promise<void>;
}

interface Toast extends ToastOptions {
  id: number;
  text: string;
}

/** Long enough to read and to reach; it waits while it is pointed at or has the focus. */
const SHOWN_MS = 8_000;
const MOST = 4;

const toasts = signal<readonly Toast[]>([]);
let lastId = 0;

/** Shows a message. Use `undo` instead of asking before. */
export function toast(text: string, options: ToastOptions = {}): void {
  toasts.value = [...toasts.peek(), { ...options, id: ++lastId, text }].slice(-MOST);
}

function dismiss(id: number): void {
  toasts.value = toasts.peek().filter((one) => one.id !== id);
}

/** Undoes what the latest toast offers to undo; whether there was one. */
export function undoLatest(): boolean {
  const latest = toasts.peek().findLast(({ undo }) => undo !== undefined);
  if (!latest) return false;
  dismiss(latest.id);
  latest.undo?.();
  return true;
}

/** Where toasts appear; once in the app. */
export function Toasts() {
  return (
    <section class="toasts" aria-label="Messages" aria-live="polite">
      {toasts.value.map((one) => (
        <ToastCard key={one.id} toast={one} />
      ))}
    </section>
  );
}

function ToastCard({ toast: { id, text, tone = 'ok', undo } }: { toast: Toast }) {
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const wait = () => clearTimeout(timer.current);
  const goOn = () => {
    wait();
    timer.current = setTimeout(() => dismiss(id), SHOWN_MS);
  };
  useEffect(() => {
    goOn();
    return wait;
  }, []);
  return (
    <div class="toast" onPointerEnter={wait} onPointerLeave={goOn} onFocusCapture={wait} onBlurCapture={goOn}>
      <span class={`mark tone-${tone}`}>
        <Icon name={tone} />
      </span>
      <span class="toast-text">{text}</span>
      {undo && (
        <button
          type="button"
          class="button small"
          onClick={() => {
            dismiss(id);
            undo();
          }}
        >
          <Icon name="undo" /> Undo
        </button>
      )}
      <button
        type="button"
        class="button quiet small icon-only"
        aria-label="Dismiss"
        onClick={() => dismiss(id)}
      >
        <Icon name="close" />
      </button>
    </div>
  );
}
