/**
 * Keyboard shortcuts: pages say which they have while they are shown, one listener hears them all, the help sheet lists
 * them. Those of single letters can be switched off (WCAG 2.1.4), and are not heard where one types.
 */
import { computed, signal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { keep, kept } from '../state/preferences.ts';
import { HeldKeys } from './held-keys.ts';
import { isSingle, nameOf, takesText } from './keys.ts';

export interface Shortcut {
  /** `g o` one after the other, `mod+k` together, `?`, `j`. */
  keys: string;
  /** What it does, for the help sheet. */
  title: string;
  /** `typed` is what was typed since, where the page had to load before it could be run. */
  run(typed?: string): void;
}

interface Section {
  title: string;
  shortcuts: readonly Shortcut[];
}

/** Leads to the field to search in, on every page that has one. */
export const SEARCH_KEY = '/';

/** Time in which the second letter of a pair must come. */
const PAIR_MS = 1_200;

const sections = signal<readonly Section[]>([]);
const held = new HeldKeys();

/** Everything that can be pressed now, by where it belongs. Of two with the same keys the later one is heard. */
export const shortcutSections = computed(() => sections.value);

/** Whether single letters are heard. */
export const singleKeys = signal(kept('single-keys') !== 'off');

export function chooseSingleKeys(on: boolean): void {
  singleKeys.value = on;
  keep('single-keys', on ? 'on' : 'off');
}

/**
 * Offers shortcuts while the calling component is shown. `title` heads them in the help sheet. Those of a page that is left
 * are gone before the next key can be pressed.
 */
export function useShortcuts(title: string, shortcuts: readonly Shortcut[]): void {
  const latest = useRef(shortcuts);
  latest.current = shortcuts;
  const key = shortcuts.map((one) => `${one.keys} ${one.title}`).join('\n');
  useLayoutEffect(() => {
    const section: Section = {
      title,
      shortcuts: latest.current.map(({ keys, title: what }) => ({
        keys,
        title: what,
        run: (typed) => latest.current.find((one) => one.keys === keys)?.run(typed),
      })),
    };
    sections.value = [...sections.peek(), section];
    for (const { keys, run } of section.shortcuts) {
      const typed = held.release(keys);
      if (typed !== undefined) run(typed);
    }
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
    const single = !name.includes('mod+');
    if (held.waiting && (!isLoading() || takesText(event.target))) held.drop();
    if (held.waiting && single && held.type(event.key)) return event.preventDefault();
    const all = sections.peek().flatMap(({ shortcuts }) => shortcuts);
    const pair =
      first && event.timeStamp - first.at < PAIR_MS
        ? all.findLast(({ keys }) => keys === `${first?.name} ${name}`)
        : undefined;
    const found = pair ?? all.findLast(({ keys }) => keys === name);
    first = undefined;
    if (single && (takesText(event.target) || !singleKeys.peek())) return;
    if (found) {
      event.preventDefault();
      found.run();
    } else if (all.some(({ keys }) => isSingle(keys) && keys.startsWith(`${name} `))) {
      first = { name, at: event.timeStamp };
    } else if (name === SEARCH_KEY && isLoading()) {
      event.preventDefault();
      held.hold(name);
    }
  };
  const drop = () => held.drop();
  addEventListener('keydown', hear);
  addEventListener('pointerdown', drop);
  return () => {
    removeEventListener('keydown', hear);
    removeEventListener('pointerdown', drop);
  };
}

/** Whether the page still waits for what it shows. */
function isLoading(): boolean {
  return document.querySelector('.page .loading') !== null;
}
