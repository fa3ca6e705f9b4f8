/**
 * Light or dark. The reader's latest choice comes first, whether made in the page or in the host's menu, then what the
 * host starts with, then the system; in VS Code the editor's theme is all that counts. The style sheet reads it from `data-theme` on the root element, charts from {@link appearance}.
 */
import { computed, effect, type ReadonlySignal, signal } from '@preact/signals';
import type { PageTheme } from '../../core/contract/bridge.ts';
import type { Host, HostTheme } from '../hosts/host.ts';
import { forget, keep, kept } from './preferences.ts';

const dark = matchMedia('(prefers-color-scheme: dark)');
const forced = matchMedia('(forced-colors: active)');

const chosen = signal<PageTheme | undefined>(asTheme(kept('theme')));
const systemDark = signal(dark.matches);
const forcedColours = signal(forced.matches);
const editor = signal('');
const printing = signal(false);
const hostTheme = signal<ReadonlySignal<HostTheme | undefined>>(signal(undefined));

dark.addEventListener('change', () => {
  systemDark.value = dark.matches;
});
forced.addEventListener('change', () => {
  forcedColours.value = forced.matches;
});

addEventListener('beforeprint', () => {
  printing.value = true;
});
addEventListener('afterprint', () => {
  printing.value = false;
});

/** The themes to choose from. */
export const THEMES: readonly { id: PageTheme; name: string; icon: 'system' | 'sun' | 'moon' }[] = [
  { id: 'system', name: 'As the system', icon: 'system' },
  { id: 'light', name: 'Light', icon: 'sun' },
  { id: 'dark', name: 'Dark', icon: 'moon' },
];

/** What was chosen for these pages. */
export const theme = computed<PageTheme>(() => chosen.value ?? hostTheme.value.value?.theme ?? 'system');

const isDark = computed(() => {
  if (printing.value) return false;
  if (editor.value) return !editor.value.endsWith('light');
  return theme.value === 'system' ? systemDark.value : theme.value === 'dark';
});

/** Changes with everything that changes colours, so that what is drawn can be drawn again. */
export const appearance = computed(() => `${isDark.value} ${forcedColours.value} ${editor.value}`);

export function chooseTheme(next: PageTheme): void {
  chosen.value = next;
  keep('theme', next);
}

function forgetChoice(): void {
  chosen.value = undefined;
  forget('theme');
}

/** Keeps the root element's attributes in step with the theme. Before anything is drawn, so that nothing flashes. */
export function startTheme(): void {
  const root = document.documentElement;
  effect(() => {
    root.dataset.theme = isDark.value ? 'dark' : 'light';
    root.dataset.contrast = editor.value.includes('high-contrast') ? 'high' : 'normal';
  });
}

/** Takes the host's wishes into account. */
export function followHost(host: Host): void {
  hostTheme.value = host.theme;
  effect(() => {
    if (host.theme.value?.chosen) forgetChoice();
  });
  document.documentElement.dataset.host = host.name;
  if (host.name !== 'vscode') return;
  followEditor();
  new MutationObserver(followEditor).observe(document.body, { attributes: true, attributeFilter: ['class'] });
}

/** VS Code marks the body with the kind of its theme: `vscode-dark`, `vscode-high-contrast-light`, … */
function followEditor(): void {
  const kinds = ['vscode-high-contrast-light', 'vscode-high-contrast', 'vscode-light', 'vscode-dark'];
  editor.value = kinds.find((kind) => document.body.classList.contains(kind)) ?? 'vscode-dark';
}

function asTheme(text: string | undefined): PageTheme | undefined {
  return text === 'system' || text === 'light' || text === 'dark' ? text : undefined;
}
