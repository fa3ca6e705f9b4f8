/** Who is in the journal, and which workspaces: counted once, then as events come. */
import type { PrivacyOverview } from '../contract/governance.ts';
import type { EventStore } from '../store/event-store.ts';
import type { Hidden } from '../store/hidden.ts';
import type { JournalPosition } from '../store/ports.ts';

interface Seen {
  events: number;
  from: string;
  to: string;
}

interface Facts {
  timestamp: string;
  user: string | undefined;
  workspace: string | undefined;
}

export class People {
  readonly #store: Pick<EventStore, 'scan'>;
  #hidden: Hidden | undefined;
  #position: JournalPosition | null = null;
  readonly #people = new Map<string, Seen>();
  readonly #workspaces = new Map<string, number>();

  constructor(store: Pick<EventStore, 'scan'>) {
    this.#store = store;
  }

  /** Counts anew, without what is hidden. */
  restart(hidden: Hidden): void {
    this.#hidden = hidden;
    this.#position = null;
    this.#people.clear();
    this.#workspaces.clear();
  }

  /** Most events first. */
  list(): Pick<PrivacyOverview, 'people' | 'workspaces'> {
    this.#position = this.#store.scan(this.#position, (text, sequence) => {
      if (this.#hidden?.key && this.#hidden.has(text, sequence)) return;
      this.#count(factsOf(text));
    });
    const people = [...this.#people].map(([user, seen]) => ({ user, ...seen }));
    const workspaces = [...this.#workspaces].map(([workspace, events]) => ({ workspace, events }));
    const most = (a: { events: number }, b: { events: number }) => b.events - a.events;
    return { people: people.sort(most), workspaces: workspaces.sort(most) };
  }

  #count({ timestamp, user, workspace }: Facts): void {
    if (workspace !== undefined) this.#workspaces.set(workspace, (this.#workspaces.get(workspace) ?? 0) + 1);
    if (user === undefined) return;
    const seen = this.#people.get(user);
    if (!seen) {
      this.#people.set(user, { events: 1, from: timestamp, to: timestamp });
      return;
    }
    seen.events++;
    if (timestamp < seen.from) seen.from = timestamp;
    if (timestamp > seen.to) seen.to = timestamp;
  }
}

const TIME = /"timestamp":"([^"]*)"/;
const AUTHOR = /"author":("(?:[^"\\]|\\.)*")/;
const METADATA = '"metadata":';

/** From the text of an event: its metadata stand last, so most of it need not be read. */
function factsOf(text: string): Facts {
  const metadata = JSON.parse(text.slice(text.lastIndexOf(METADATA) + METADATA.length, -1)) as {
    user?: string;
    workspace?: string;
  };
  const author = text.includes('"author":') ? AUTHOR.exec(text)?.[1] : undefined;
  return {
    timestamp: TIME.exec(text)?.[1] ?? '',
    user: metadata.user ?? (author ? (JSON.parse(author) as string) : undefined),
    workspace: metadata.workspace,
  };
}
