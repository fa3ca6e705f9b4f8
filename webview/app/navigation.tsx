import type { PageTheme } from '../../core/contract/bridge.ts';
import { Link } from '../routing/link.tsx';
import { href, page } from '../routing/router.ts';
import { useHost } from '../state/host.ts';
import { chooseTheme, theme } from '../state/theme.ts';
import { Icon, type IconName } from '../ui/icon.tsx';
import { PAGES } from './pages.ts';

/** The pages, whether the engine is there, and the theme. */
export function Navigation() {
  const { name, connected } = useHost();
  const online = connected.value;
  return (
    <header class="sidebar">
      <p class="brand">
        <svg viewBox="0 0 16 16" width="18" height="18" aria-hidden="true">
          <path
            class="brand-ground"
            d="M3.5 0h9A3.5 3.5 0 0 1 16 3.5v9a3.5 3.5 0 0 1-3.5 3.5h-9A3.5 3.5 0 0 1 0 12.5v-9A3.5 3.5 0 0 1 3.5 0z"
          />
          <path class="brand-line" d="M2.5 9h2.6l1.7-4.6 2.5 7.4 1.7-4.6.6 1.8h1.9" />
        </svg>
        <span>AI-BOS Telemetry</span>
      </p>
      <nav aria-label="Pages">
        <ul>
          {PAGES.map(({ id, title, icon }) => (
            <li key={id}>
              <Link to={href([id])} current={page.value === id}>
                <Icon name={icon} /> {title}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <div class="sidebar-foot">
        <p class={`connection ${online ? 'connection-on' : 'connection-off'}`}>
          <span class="connection-dot" aria-hidden="true" />
          <span>{online ? 'Live' : 'Not connected'}</span>
        </p>
        {name !== 'vscode' && <ThemeChoice />}
      </div>
    </header>
  );
}

const THEMES: { id: PageTheme; name: string; icon: IconName }[] = [
  { id: 'system', name: 'As the system', icon: 'system' },
  { id: 'light', name: 'Light', icon: 'sun' },
  { id: 'dark', name: 'Dark', icon: 'moon' },
];

function ThemeChoice() {
  return (
    <fieldset class="segments theme-choice">
      <legend class="visually-hidden">Theme</legend>
      {THEMES.map(({ id, name, icon }) => (
        <label key={id} title={name}>
          <input type="radio" name="theme" checked={theme.value === id} onChange={() => chooseTheme(id)} />
          <span>
            <Icon name={icon} />
            <span class="visually-hidden">{name}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
