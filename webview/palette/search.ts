/** What the engine finds for the palette: an event by its id, migrations by their name, events by a text. */
import type { TelemetryClient } from '../../core/contract/client.ts';
import { describe } from '../events/describe.ts';
import { EVENT_TYPE_NAMES, workspaceName } from '../format/names.ts';
import { dateTime } from '../format/time.ts';
import { go, href } from '../routing/router.ts';
import type { Command } from './registry.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** Shorter texts would find nearly everything. */
const SHORTEST = 2;
const MOST = 6;

type Client = Pick<TelemetryClient, 'call'>;

/** Never rejects: what cannot be asked is not found. */
export async function found(client: Client, text: string): Promise<Command[]> {
  const wanted = text.trim();
  if (UUID.test(wanted)) return eventById(client, wanted.toLowerCase());
  if (wanted.length < SHORTEST) return [];
  const [migrations, events] = await Promise.all([
    migrationsNamed(client, wanted),
    Promise.resolve([eventsWith(wanted)]),
  ]);
  return [...migrations, ...events];
}

async function eventById(client: Client, id: string): Promise<Command[]> {
  const event = await client.call('events.get', { id }).catch(() => undefined);
  if (!event) return [];
  return [
    {
      id: `event ${id}`,
      title: describe(event).title,
      about: `${EVENT_TYPE_NAMES[event.type]}, ${dateTime(event.timestamp)} UTC`,
      group: 'Event',
      icon: 'events',
      run: () => go(href(['events'], { event: id })),
    },
  ];
}

async function migrationsNamed(client: Client, text: string): Promise<Command[]> {
  const answer = await client.call('migrations.list', { text, limit: MOST }).catch(() => undefined);
  return (answer?.items ?? []).map(({ name, workspace, outcome }) => ({
    id: `migration ${workspace} ${name}`,
    title: name,
    about: `${workspaceName(workspace)}, ${outcome.replaceAll('_', ' ')}`,
    group: 'Migrations',
    icon: 'migrations',
    run: () => go(href(['migrations', name], { in: workspace })),
  }));
}

function eventsWith(text: string): Command {
  return {
    id: 'events with',
    title: `Search events for “${text}”`,
    group: 'Events',
    icon: 'search',
    run: () => go(href(['events'], { text })),
  };
}
