import { useClient } from '../state/host.ts';
import { useQuery } from '../state/query.ts';
import { Loaded } from '../ui/loaded.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { useView } from '../ui/view.ts';
import { Alerts } from './alerts.tsx';
import { Appearance } from './appearance.tsx';
import { EngineSettings } from './engine.tsx';
import { Keys } from './keys.tsx';
import { Privacy } from './privacy.tsx';
import './settings.css';

/** What is kept and about whom, how the engine works, who may do what, and how these pages look. */
export function SettingsPage() {
  const client = useClient();
  const [view, choose] = useView(['privacy', 'engine', 'alerts', 'keys', 'appearance']);
  const query = useQuery('settings', () => client.call('settings.get', {}));
  return (
    <Tabs
      label="Settings"
      current={view}
      onChoose={choose}
      tabs={[
        { id: 'privacy', title: 'Privacy' },
        { id: 'engine', title: 'Engine' },
        { id: 'alerts', title: 'Alerts' },
        { id: 'keys', title: 'Keys and roles' },
        { id: 'appearance', title: 'Appearance' },
      ]}
    >
      {view === 'privacy' && <Privacy />}
      {view === 'engine' && (
        <Loaded query={query} lines={8}>
          {(settings) => <EngineSettings settings={settings} onSaved={query.again} />}
        </Loaded>
      )}
      {view === 'alerts' && (
        <Loaded query={query} lines={8}>
          {(settings) => <Alerts settings={settings} onSaved={query.again} />}
        </Loaded>
      )}
      {view === 'keys' && <Keys />}
      {view === 'appearance' && <Appearance />}
    </Tabs>
  );
}
