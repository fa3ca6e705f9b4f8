import type { Health } from '../../core/contract/health.ts';
import { ENGINE_LABELS, HEALTH_NAMES } from '../format/names.ts';
import { bytes, count } from '../format/numbers.ts';
import { elapsed } from '../format/time.ts';
import { Card } from '../ui/card.tsx';
import { HealthMark } from '../ui/status.tsx';

/** The six engines, each with its state and what it did lately. */
export function Engines({ health }: { health: Health }) {
  const { engines, store, version, uptimeMs } = health;
  return (
    <Card
      title={headline(health)}
      class="engines"
      note={`Version ${version}, running for ${elapsed(uptimeMs)}; ${count(store.events)} events in ${bytes(store.journalBytes)} of journal`}
    >
      {store.recovered && <p class="engine-recovered">{store.recovered}</p>}
      <ul class="engine-list">
        {engines.map(({ name, state, message }) => (
          <li class="engine" key={name}>
            <span class="engine-name">
              <HealthMark state={state} /> {ENGINE_LABELS[name]}
            </span>
            <span class="engine-message">
              {state !== 'ok' && <strong>{HEALTH_NAMES[state]}: </strong>}
              {message}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function headline({ state, engines }: Health): string {
  const troubled = engines.filter((engine) => engine.state === 'degraded' || engine.state === 'failing');
  const names = troubled.map(({ name }) => ENGINE_LABELS[name]).join(', ');
  if (state === 'failing') return `System health: failing (${names})`;
  if (state === 'degraded') return `System health: degraded (${names})`;
  return 'System health: all engines are in order';
}
