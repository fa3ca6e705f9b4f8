/** The keys and palette commands of the whole app. */

import { paletteOpen } from '../palette/palette.tsx';
import { type Command, useCommands } from '../palette/registry.ts';
import { change, go, href } from '../routing/router.ts';
import { helpOpen } from '../shortcuts/help.tsx';
import { type Shortcut, useShortcuts } from '../shortcuts/registry.ts';
import { refresh } from '../state/live.ts';
import { chooseTheme, THEMES } from '../state/theme.ts';
import { RANGE_IDS, RANGES } from '../state/timeframe.ts';
import { undoLatest } from '../ui/toast.tsx';
import { PAGES } from './pages.ts';

const toPage = (id: string) => () => go(href([id]));

const GENERAL: readonly Shortcut[] = [
  { keys: 'mod+k', title: 'Command palette', run: () => (paletteOpen.value = true) },
  { keys: '?', title: 'Keyboard shortcuts', run: () => (helpOpen.value = true) },
  { keys: 'r', title: 'Ask for everything again', run: refresh },
  { keys: 'z', title: 'Undo what was just done', run: () => void undoLatest() },
];
const TO_PAGES: readonly Shortcut[] = PAGES.map(({ id, title, letter }) => ({
  keys: `g ${letter}`,
  title,
  run: toPage(id),
}));

/** Offers them; `ranged` where the page that is shown has a time range, `themed` where the page chooses its theme. */
export function useAppCommands(ranged: boolean, themed: boolean): void {
  useShortcuts('Everywhere', GENERAL);
  useShortcuts('Go to', TO_PAGES);
  const ranges: Command[] = RANGE_IDS.map((id) => ({
    id: `range ${id}`,
    title: `Show ${RANGES[id].name}`,
    group: 'Time range',
    icon: 'clock',
    run: () => change({ range: id === 'all' ? undefined : id }),
  }));
  const themes: Command[] = THEMES.map(({ id, name, icon }) => ({
    id: `theme ${id}`,
    title: `Theme: ${name.toLowerCase()}`,
    group: 'Theme',
    icon,
    run: () => chooseTheme(id),
  }));
  useCommands([
    ...PAGES.map(
      ({ id, title, about, icon, letter }): Command => ({
        id: `page ${id}`,
        title,
        about,
        group: 'Pages',
        icon,
        keys: `g ${letter}`,
        run: toPage(id),
      }),
    ),
    ...(ranged ? ranges : []),
    ...(themed ? themes : []),
    {
      id: 'refresh',
      title: 'Ask for everything again',
      group: 'Actions',
      icon: 'retry',
      keys: 'r',
      run: refresh,
    },
    {
      id: 'help',
      title: 'Keyboard shortcuts',
      group: 'Actions',
      icon: 'keyboard',
      keys: '?',
      run: () => (helpOpen.value = true),
    },
  ]);
}
