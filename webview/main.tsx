/** Entry of the pages: finds the host, then draws the app. */
import { render } from 'preact';
import './styles/tokens.css';
import './styles/base.css';
import './styles/buttons.css';
import './styles/fields.css';
import './styles/overlays.css';
import './styles/tables.css';
import './styles/states.css';
import './styles/parts.css';
import './styles/cards.css';
import './styles/layout.css';
import './styles/navigation.css';
import './styles/forced-colors.css';
import './styles/print.css';
import { App } from './app/app.tsx';
import { openHost } from './hosts/open-host.ts';
import { startRouter } from './routing/router.ts';
import { followHost, startTheme } from './state/theme.ts';

const root = document.getElementById('app');
if (root) {
  startTheme();
  const host = await openHost();
  followHost(host);
  startRouter(host.address);
  root.replaceChildren();
  render(<App host={host} />, root);
}
