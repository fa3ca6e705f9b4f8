/**
 * Erasures: ordered, hidden at once, final when their time of grace is over.
 *
 * The order is kept before anything happens, so a crash at any moment leaves an order that is carried out at the next
 * start. What is ordered is what was recorded up to then; what a person does later is stored again. The audit trail
 * tells of each order and each end, and those entries stay.
 */
import type { AuditTrail } from '../audit/audit-trail.ts';
import { TelemetryError } from '../contract/errors.ts';
import type { Erasure } from '../contract/governance.ts';
import type { Kept } from '../kept.ts';
import type { Platform } from '../platform.ts';
import { plural } from '../report/format.ts';
import type { EventStore } from '../store/event-store.ts';
import type { Hidden } from '../store/hidden.ts';
import { fateOf, isErased, type Selection } from './selection.ts';

/** How long an erasure can be taken back. */
export const GRACE_MS = 24 * 60 * 60_000;

/** An order that is not carried out yet. */
interface Order extends Selection {
  id: string;
  events: number;
  /** Sequence of the last event that it is about. */
  upTo: number;
  orderedAt: string;
  undoUntil: string;
  /** It has begun, and can no longer be taken back. */
  begun?: boolean;
}

export interface ErasuresOptions {
  kept: Kept;
  platform: Pick<Platform, 'now'>;
  newId: () => string;
  /** Removes what was made from events and can be made again: what an import remembers, caches. */
  clean?: ((selection: Selection) => void) | undefined;
  /** Told before each step that touches the disk. */
  onStep?: ((step: string) => void) | undefined;
}

export class Erasures {
  readonly #options: ErasuresOptions;
  #orders: Order[];
  #store: EventStore | undefined;
  #audit: AuditTrail | undefined;
  readonly #listeners = new Set<() => void>();
  #unlearn: (() => Promise<void>) | undefined;
  #last: Promise<unknown> = Promise.resolve();

  /** Reads the orders: {@link hidden} is needed to open the store. */
  constructor(options: ErasuresOptions) {
    this.#options = options;
    this.#orders = ((options.kept.read() as { orders?: Order[] } | undefined)?.orders ?? []).slice();
  }

  /** What is erased on the store, and told to the trail. */
  attach(store: EventStore, audit: AuditTrail): void {
    this.#store = store;
    this.#audit = audit;
  }

  /** What is done once something that models learn from was erased of a person or a workspace, before the order is done. */
  onUnlearn(unlearn: () => Promise<void>): void {
    this.#unlearn = unlearn;
  }

  /** Events of the orders that are open. */
  get hidden(): Hidden {
    return hiddenBy(this.#orders);
  }

  /** Orders that can be taken back, or wait to be carried out. */
  pending(): Erasure[] {
    return this.#orders.map((order) => shown(order, false));
  }

  /** Calls `listener` whenever events were hidden, shown again or erased. The result ends it. */
  onChanged(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** How many events an order would erase. */
  preview(selection: Selection): Erasure {
    return { id: this.#options.newId(), events: this.#count(checked(selection)), done: false };
  }

  /** Hides the events at once; they are erased when the time of grace is over. */
  order(selection: Selection, graceMs = GRACE_MS): Promise<Erasure> {
    return this.#inTurn(async () => {
      const now = this.#options.platform.now();
      const order: Order = {
        id: this.#options.newId(),
        ...checked(selection),
        events: this.#count(selection),
        upTo: this.#opened.lastSequence,
        orderedAt: new Date(now).toISOString(),
        undoUntil: new Date(now + graceMs).toISOString(),
      };
      await this.#tell('ordered', order);
      this.#keep([...this.#orders, order]);
      if (graceMs > 0) await this.#hide();
      else await this.#carryOut(order);
      return shown(order, graceMs <= 0);
    });
  }

  /** Shows the events again. Throws `not-found`, or `conflict` where it is too late. */
  undo(id: string): Promise<Erasure> {
    return this.#inTurn(async () => {
      const order = this.#orders.find((one) => one.id === id);
      if (!order)
        throw new TelemetryError('not-found', `There is no erasure ${id} that could be taken back.`);
      if (order.begun)
        throw new TelemetryError('conflict', `The erasure ${id} has begun and cannot be taken back.`);
      this.#keep(this.#orders.filter((one) => one !== order));
      await this.#hide();
      await this.#tell('taken back', order);
      return { id, events: order.events, done: false };
    });
  }

  /** Carries out what is due, or everything. Says how many orders that were. */
  carryOutDue(everything = false): Promise<Erasure[]> {
    return this.#inTurn(async () => {
      const now = this.#options.platform.now();
      const due = this.#orders.filter(
        ({ begun, undoUntil }) => everything || begun || Date.parse(undoUntil) <= now,
      );
      for (const order of due) await this.#carryOut(order);
      return due.map((order) => shown(order, true));
    });
  }

  /** Orders that what is older than so many whole days (UTC) goes. Undefined where nothing is. */
  async retain(days: number): Promise<Erasure | undefined> {
    const { now } = this.#options.platform;
    const midnight = Math.floor(now() / DAY_MS) * DAY_MS;
    const before = new Date(midnight - days * DAY_MS).toISOString();
    const oldest = Math.min(
      ...this.#opened.sources().map(({ span }) => span?.first ?? Number.POSITIVE_INFINITY),
    );
    if (oldest >= Date.parse(before) || this.#count({ before }) === 0) return undefined;
    return this.order({ before });
  }

  async #carryOut(order: Order): Promise<void> {
    const { clean, onStep } = this.#options;
    const begun = { ...order, begun: true };
    onStep?.('note that it has begun');
    this.#keep(this.#orders.map((one) => (one.id === order.id ? begun : one)));
    const others = this.#orders.filter(({ id }) => id !== order.id);
    // One that was begun before may have erased them already.
    let taught = order.begun === true;
    await this.#opened.erase(
      (text, sequence) => {
        const fate = sequence <= order.upTo ? fateOf(order, order.id, text) : 'keep';
        taught ||= fate !== 'keep' && TEACHES.test(text);
        return fate;
      },
      hiddenBy(others),
      onStep,
    );
    onStep?.('remove what can be made again');
    clean?.(order);
    const isOfSomebody = order.user !== undefined || order.workspace !== undefined;
    if (taught && isOfSomebody) {
      onStep?.('remove models that had learnt from it');
      await this.#unlearn?.();
    }
    onStep?.('note that it is done');
    this.#keep(others);
    for (const listener of this.#listeners) listener();
    await this.#tell('erased', order);
  }

  async #hide(): Promise<void> {
    await this.#opened.hide(this.hidden);
    for (const listener of this.#listeners) listener();
  }

  #count(selection: Selection): number {
    const { hidden } = this;
    let events = 0;
    this.#opened.scan(null, (text, sequence) => {
      if (isErased(selection, text) && !(hidden.key && hidden.has(text, sequence))) events++;
    });
    return events;
  }

  /** Neither the person nor the workspace is named: the entry stays, and would remember them. */
  async #tell(what: string, { id, events, user, workspace, before }: Order): Promise<void> {
    await this.#audit?.record({
      method: 'privacy.erase',
      role: 'engine',
      via: 'engine',
      result: what,
      params: {
        events: plural(events, 'event'),
        of: [user && 'a person', workspace && 'a workspace', before && `before ${before}`]
          .filter(Boolean)
          .join(', '),
      },
      erasure: id,
    });
  }

  #keep(orders: Order[]): void {
    this.#options.kept.write({ orders });
    this.#orders = orders;
  }

  get #opened(): EventStore {
    if (!this.#store) throw new TelemetryError('unavailable', 'The store is not open yet.');
    return this.#store;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}

const DAY_MS = 86_400_000;
/** Types that models learn from, in the text of an event. */
const TEACHES = /"type":"(?:migration_execution|learning_feedback)"/;

function hiddenBy(orders: readonly Order[]): Hidden {
  return {
    key: orders.map(({ id }) => id).join(),
    has: (text, sequence) => orders.some((order) => sequence <= order.upTo && isErased(order, text)),
  };
}

function checked(selection: Selection): Selection {
  const { user, workspace, before } = selection;
  if (user === undefined && workspace === undefined && before === undefined)
    throw new TelemetryError('invalid-request', 'Say what to erase: user, workspace or before.');
  return {
    ...(user === undefined ? {} : { user }),
    ...(workspace === undefined ? {} : { workspace }),
    ...(before === undefined ? {} : { before: new Date(before).toISOString() }),
  };
}

function shown({ id, events, undoUntil }: Order, done: boolean): Erasure {
  return { id, events, done, ...(done ? {} : { undoUntil }) };
}
