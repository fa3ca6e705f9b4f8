import { Tabs } from '../ui/tabs.tsx';
import { useView } from '../ui/view.ts';
import { Audit } from './audit.tsx';
import './governance.css';
import { Rules } from './rules.tsx';

/** Whether migrations keep to the manifest, and who changed what. */
export function GovernancePage() {
  const [view, choose] = useView(['rules', 'audit']);
  return (
    <Tabs
      label="Governance"
      current={view}
      onChoose={choose}
      tabs={[
        { id: 'rules', title: 'Rules' },
        { id: 'audit', title: 'Audit trail' },
      ]}
    >
      {view === 'rules' ? <Rules /> : <Audit />}
    </Tabs>
  );
}
