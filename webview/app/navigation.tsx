import { useState } from 'preact/hooks';
import { paletteOpen } from '../palette/palette.tsx';
import { Link } from '../routing/link.tsx';
import { href, page, route } from '../routing/router.ts';
import { Caps } from '../shortcuts/caps.tsx';
import { helpOpen } from '../shortcuts/help.tsx';
import { useHost } from '../state/host.ts';
import { chooseTheme, THEMES, theme } from '../state/theme.ts';
import { Icon } from '../ui/icon.tsx';
import { PAGE_GROUPS, PAGES, type PageInfo } from './pages.ts';

const GROUPS = Object.keys(PAGE_GROUPS) as (keyof typeof PAGE_GROUPS)[];

/** The pages, the way to everything else, whether the engine is there, and the theme. */
export function Navigation() {
  const { name, connected } = useHost();
  const online = connected.value;
  const [openAt, setOpenAt] = useState<string>();
  const place = route.value.path.join('/');
  // Where there is little room the pages stand behind a button; going somewhere closes them again.
  const open = openAt === place;
  return (
    <header class={`sidebar ${open ? 'sidebar-open' : ''}`}>
      <div class="sidebar-head">
        <p class="brand">
          <Brand />
          <span class="brand-name">AI-BOS Telemetry</span>
        </p>
        <button
          type="button"
          class="button quiet icon-only sidebar-toggle"
          aria-expanded={open}
          aria-controls="pages"
          aria-label="Pages"
          onClick={() => setOpenAt(open ? undefined : place)}
        >
          <Icon name={open ? 'close' : 'menu'} />
        </button>
      </div>
      <button type="button" class="find" title="Commands" onClick={() => (paletteOpen.value = true)}>
        <Icon name="search" /> <span class="find-text">Find or do</span> <Caps keys="mod+k" />
      </button>
      <nav aria-label="Pages" id="pages">
        {GROUPS.map((group) => (
          <PageGroup
            key={group}
            title={PAGE_GROUPS[group]}
            pages={PAGES.filter((one) => one.group === group)}
          />
        ))}
      </nav>
      <div class="sidebar-foot">
        <p
          class={`connection ${online ? 'connection-on' : 'connection-off'}`}
          title={online ? 'Live' : 'Not connected'}
        >
          <span class="connection-dot" aria-hidden="true" />
          <span class="connection-text">{online ? 'Live' : 'Not connected'}</span>
        </p>
        <button
          type="button"
          class="button quiet small icon-only"
          aria-label="Keyboard shortcuts"
          title="Keyboard shortcuts"
          onClick={() => (helpOpen.value = true)}
        >
          <Icon name="keyboard" />
        </button>
        {name !== 'vscode' && <ThemeChoice />}
      </div>
    </header>
  );
}

function PageGroup({ title, pages }: { title: string; pages: readonly PageInfo[] }) {
  if (pages.length === 0) return null;
  return (
    <div class="page-group">
      <p class="page-group-title" aria-hidden="true">
        {title}
      </p>
      <ul aria-label={title}>
        {pages.map(({ id, title: name, icon }) => (
          <li key={id}>
            <Link to={href([id])} current={page.value === id} title={name}>
              <Icon name={icon} /> <span class="page-name">{name}</span>
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Brand() {
  return (
    <svg viewBox="0 0 16 16" width="18" height="18" aria-hidden="true">
      <path
        class="brand-ground"
        d="M3.5 0h9A3.5 3.5 0 0 1 16 3.5v9a3.5 3.5 0 0 1-3.5 3.5h-9A3.5 3.5 0 0 1 0 12.5v-9A3.5 3.5 0 0 1 3.5 0z"
      />
      <path class="brand-line" d="M2.5 9h2.6l1.7-4.6 2.5 7.4 1.7-4.6.6 1.8h1.9" />
    </svg>
  );
}

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
