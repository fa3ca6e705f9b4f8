import type { PageTheme } from '../../core/contract/bridge.ts';
import { chooseSingleKeys, singleKeys } from '../shortcuts/registry.ts';
import { useHost } from '../state/host.ts';
import { chooseTheme, theme } from '../state/theme.ts';
import { Card } from '../ui/card.tsx';

const THEMES: { id: PageTheme; name: string }[] = [
  { id: 'system', name: 'As the system' },
  { id: 'light', name: 'Light' },
  { id: 'dark', name: 'Dark' },
];

/** How these pages look and listen here; kept in this browser or app only. */
export function Appearance() {
  const { name } = useHost();
  return (
    <Card title="Appearance" note="Kept here only, not in the engine">
      {name === 'vscode' ? (
        <p>The colours are those of the editor’s theme.</p>
      ) : (
        <fieldset class="segments setting">
          <legend>Theme</legend>
          {THEMES.map(({ id, name: label }) => (
            <label key={id}>
              <input
                type="radio"
                name="page-theme"
                checked={theme.value === id}
                onChange={() => chooseTheme(id)}
              />
              <span>{label}</span>
            </label>
          ))}
        </fieldset>
      )}
      <label class="check setting">
        <input
          type="checkbox"
          checked={singleKeys.value}
          onChange={({ currentTarget }) => chooseSingleKeys(currentTarget.checked)}
        />
        Single letters are shortcuts, for example j and k
      </label>
      <p class="note">Times are in UTC everywhere, as they are stored and counted.</p>
    </Card>
  );
}
