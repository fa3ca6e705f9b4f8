import type { Health } from '../../core/contract/health.ts';
import { ENGINE_LABELS, HEALTH_NAMES } from '../format/names.ts';
import { bytes, count } from '../format/numbers.ts';
import { dateTime, elapsed } from '../format/time.ts';
import { Card } from '../ui/card.tsx';
import { DataTable } from '../ui/data-table.tsx';

/** The six engines in a table, and what the process and the store use. */
export function SystemHealth({ health }: { health: Health }) {
  const { engines, store, version, uptimeMs, resources } = health;
  const uses = [
    resources.memoryBytes === undefined ? undefined : `${bytes(resources.memoryBytes)} of memory`,
    resources.diskFreeBytes === undefined ? undefined : `${bytes(resources.diskFreeBytes)} of disk free`,
  ].filter(Boolean);
  return (
    <Card
      title="System health"
      note={`Version ${version}, running for ${elapsed(uptimeMs)}; ${count(store.events)} events in ${bytes(store.journalBytes)} of journal${uses.length > 0 ? `; ${uses.join(', ')}` : ''}`}
    >
      <DataTable
        caption="System health"
        rows={engines}
        keyOf={({ name }) => name}
        columns={[
          { head: 'Engine', cell: ({ name }) => ENGINE_LABELS[name] },
          { head: 'State', cell: ({ state }) => HEALTH_NAMES[state] },
          { head: 'What it says', cell: ({ message }) => message, class: 'subject' },
          {
            head: 'Last (UTC)',
            cell: ({ lastAt }) => (lastAt ? dateTime(lastAt) : 'never'),
            secondary: true,
          },
        ]}
      />
    </Card>
  );
}
