import { Tabs } from '../ui/tabs.tsx';
import { useView } from '../ui/view.ts';
import { Compare } from './compare.tsx';
import { ReadReport } from './read.tsx';
import './report.css';
import { Schedules } from './schedules.tsx';

/** A period to read and to take away, two periods side by side, and scheduled reports. */
export function ReportsPage() {
  const [view, choose] = useView(['read', 'compare', 'schedules']);
  return (
    <Tabs
      label="Reports"
      current={view}
      onChoose={choose}
      tabs={[
        { id: 'read', title: 'Report' },
        { id: 'compare', title: 'Compare two periods' },
        { id: 'schedules', title: 'Schedules' },
      ]}
    >
      {view === 'read' && <ReadReport />}
      {view === 'compare' && <Compare />}
      {view === 'schedules' && <Schedules />}
    </Tabs>
  );
}
