import { count } from '../format/numbers.ts';
import { useClient } from '../state/host.ts';
import { useQuery } from '../state/query.ts';
import { workspace } from '../state/timeframe.ts';
import { Tabs } from '../ui/tabs.tsx';
import { useView } from '../ui/view.ts';
import { AgreementView } from './agreement.tsx';
import './feedback.css';
import { History } from './history.tsx';
import { Queue } from './queue.tsx';

/** Teaching the models: what to answer next, what was answered, and how far people agree. */
export function FeedbackPage() {
  const client = useClient();
  const [view, choose] = useView(['queue', 'history', 'agreement']);
  const chosen = workspace.value;
  const query = useQuery(`queue ${chosen}`, () =>
    client.call('feedback.queue', { limit: 100, ...(chosen ? { workspace: chosen } : {}) }),
  );
  const waiting = query.value?.total;
  return (
    <Tabs
      label="Feedback"
      current={view}
      onChoose={choose}
      tabs={[
        { id: 'queue', title: 'Queue', ...(waiting === undefined ? {} : { count: count(waiting) }) },
        { id: 'history', title: 'History' },
        { id: 'agreement', title: 'Agreement' },
      ]}
    >
      {view === 'queue' && <Queue query={query} />}
      {view === 'history' && <History />}
      {view === 'agreement' && <AgreementView />}
    </Tabs>
  );
}
