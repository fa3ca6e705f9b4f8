/**
 * Snapshots on their way between two processes: an object that was sent with the snapshot before is only named, and is
 * the same object again on the other side. One sender and one receiver belong together; nothing may be lost between.
 */
import { CATEGORIES, type Category, type SchemaObject, type SchemaSnapshot } from './snapshot.ts';

/** An object that is new, or the number of one that the receiver has. */
type Sent = number | { id: number; object: SchemaObject };
export type SnapshotMessage = Record<Category, Sent[]>;

export class SnapshotSender {
  #known = new Map<SchemaObject, number>();
  #nextId = 0;

  encode(snapshot: SchemaSnapshot): SnapshotMessage {
    const known = new Map<SchemaObject, number>();
    const send = (object: SchemaObject): Sent => {
      const before = this.#known.get(object);
      const id = before ?? this.#nextId++;
      known.set(object, id);
      return before ?? { id, object };
    };
    const message = Object.fromEntries(CATEGORIES.map((name) => [name, snapshot[name].map(send)]));
    this.#known = known;
    return message as SnapshotMessage;
  }
}

export class SnapshotReceiver {
  #known = new Map<number, SchemaObject>();

  decode(message: SnapshotMessage): SchemaSnapshot {
    const known = new Map<number, SchemaObject>();
    const take = (sent: Sent): SchemaObject => {
      const id = typeof sent === 'number' ? sent : sent.id;
      const object = typeof sent === 'number' ? this.#known.get(sent) : sent.object;
      if (!object) throw new Error(`the snapshot names an object ${id} that was not sent before`);
      known.set(id, object);
      return object;
    };
    const snapshot = Object.fromEntries(CATEGORIES.map((name) => [name, message[name].map(take)]));
    this.#known = known;
    return snapshot as unknown as SchemaSnapshot;
  }
}
