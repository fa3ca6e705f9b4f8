import { useEffect, useRef } from 'preact/hooks';
import { Palette } from '../palette/palette.tsx';
import { Link } from '../routing/link.tsx';
import { href, page, route } from '../routing/router.ts';
import { ShortcutHelp } from '../shortcuts/help.tsx';
import { startShortcuts } from '../shortcuts/registry.ts';
import { useHost } from '../state/host.ts';
import { startKnownNames } from '../state/known-names.ts';
import { refresh, startLive } from '../state/live.ts';
import { Icon } from '../ui/icon.tsx';
import { Empty } from '../ui/states.tsx';
import { Toasts } from '../ui/toast.tsx';
import { Wrapped } from '../ui/wrapped.tsx';
import { useAppCommands } from './commands.ts';
import { ErrorBoundary } from './error-boundary.tsx';
import { Navigation } from './navigation.tsx';
import { type PageInfo, pageOf } from './pages.ts';
import { RangeChoice, WorkspaceChoice } from './timeframe.tsx';

/** Navigation, header and the page that the address names. */
export function Frame() {
  const host = useHost();
  const info = pageOf(page.value);
  const detail = route.value.path[1];
  const title = titleOf(info, detail);
  const heading = useRef<HTMLHeadingElement>(null);
  const place = route.value.path.join('/');
  const before = useRef(place);
  useAppCommands(info?.ranged ?? false, host.name !== 'vscode');

  useEffect(() => {
    const ends = [startKnownNames(host.client), startLive(host), startShortcuts()];
    return () => {
      for (const end of ends) end();
    };
  }, [host]);
  useEffect(() => {
    document.title = `${title} · AI-BOS Telemetry`;
  }, [title]);
  useEffect(() => {
    if (before.current === place) return;
    before.current = place;
    scrollTo(0, 0);
    heading.current?.focus({ preventScroll: true });
  }, [place]);

  return (
    <div class={`frame frame-${info?.id ?? 'none'}`}>
      {/* biome-ignore lint/a11y/useValidAnchor: behind the # stands the route, so the link cannot do it alone */}
      <a
        class="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          document.getElementById('main')?.focus();
        }}
      >
        Skip to the content
      </a>
      <Navigation />
      <main class="content" id="main" tabIndex={-1}>
        <header class="topbar">
          <h1 ref={heading} tabIndex={-1}>
            {detail && info && (
              <>
                <Link to={href([info.id])} class="crumb">
                  {info.title}
                </Link>
                <Icon name="right" class="crumb-sign" />
              </>
            )}
            <Wrapped name={title} />
          </h1>
          {info?.ranged && (
            <div class="topbar-choices">
              <WorkspaceChoice />
              <RangeChoice />
            </div>
          )}
        </header>
        {!host.connected.value && <Disconnected />}
        <div class="page">
          <ErrorBoundary key={place}>{info ? <info.Page detail={detail} /> : <NoPage />}</ErrorBoundary>
        </div>
      </main>
      <Toasts />
      <Palette />
      <ShortcutHelp />
    </div>
  );
}

function NoPage() {
  return (
    <Empty title="There is no such page">
      <Link to={href(['overview'])} class="button">
        Go to the overview
      </Link>
    </Empty>
  );
}

function Disconnected() {
  return (
    <div class="disconnected" role="alert">
      <Icon name="warning" />
      <p>The engine does not answer. What you see may be out of date; it is tried again all the time.</p>
      <button type="button" class="button small" onClick={refresh}>
        Try now
      </button>
    </div>
  );
}

function titleOf(info: PageInfo | undefined, detail: string | undefined): string {
  if (!info) return 'Not found';
  return detail === undefined ? info.title : (info.titleOf?.(detail) ?? detail);
}
