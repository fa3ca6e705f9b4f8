/**
 * Keyboard shortcuts: pages say which they have while they are shown, one listener hears them all, the help sheet lists
 * them. Those of single letters can be switched off (WCAG 2.1.4), and are not heard where one types.
 */
import { computed, signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { keep, kept } from '../state/preferences.ts';
import { isSingle, nameOf, takesText } from './keys.ts';

export interface Shortcut {
  /** `g o` one after the other, `mod+k` together, `?`, `j`. */
  keys: string;
  /** What it does, for the help sheet. */
  title: string;
  run(): void;
}

interface Section {
  title: string;
  shortcuts: readonly Shortcut[];
}

/** Time in which the second letter of a pair must come. */
const PAIR_MS = 1_200;

const sections = signal<readonly Section[]>([]);

/** Everything that can be pressed now, by where it belongs. Of two with the same keys the later one is heard. */
export const shortcutSections = computed(() => sections.value);

/** Whether single letters are heard. */
export const singleKeys = signal(kept('single-keys') !== 'off');

export function chooseSingleKeys(on: boolean): void {
  singleKeys.value = on;
  keep('single-keys', on ? 'on' : 'off');
}

/** Offers shortcuts while the calling component is shown. `title` heads them in the help sheet. */
export function useShortcuts(title: string, shortcuts: readonly Shortcut[]): void {
  const latest = useRef(shortcuts);
  latest.current = shortcuts;
  const key = shortcuts.map((one) => `${one.keys} ${one.title}`).join('\n');
  useEffect(() => {
    const section: Section = {
      title,
      shortcuts: latest.current.map(({ keys, title: what }) => ({
        keys,
        title: what,
        run: () => latest.current.find((one) => one.keys === keys)?.run(),
      })),
    };
    sections.value = [...sections.peek(), section];
    return () => {
      sections.value = sections.peek().filter((one) => one !== section);
    };
  }, [title, key]);
}

/** Begins to hear keys; the result ends it. */
export function startShortcuts(): () => void {
  let first: { name: string; at: number } | undefined;
  const hear = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing) return;
    const name = nameOf(event);
    if (document.querySelector('dialog[open]')) return;
    const all = sections.peek().flatMap(({ shortcuts }) => shortcuts);
    const pair =
      first && event.timeStamp - first.at < PAIR_MS
        ? all.findLast(({ keys }) => keys === `${first?.name} ${name}`)
        : undefined;
    const found = pair ?? all.findLast(({ keys }) => keys === name);
    first = undefined;
    const single = !name.includes('mod+');
    if (single && (takesText(event.target) || !singleKeys.peek())) return;
    if (found) {
      event.preventDefault();
      found.run();
    } else if (all.some(({ keys }) => isSingle(keys) && keys.startsWith(`${name} `))) {
      first = { name, at: event.timeStamp };
    }
  };
  addEventListener('keydown', hear);
  return () => removeEventListener('keydown', hear);
}
