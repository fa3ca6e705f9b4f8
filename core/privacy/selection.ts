/**
 * Which events an erasure or an export is about, and what becomes of each when it is erased. Works on the JSON texts of
 * the journal, and looks closely only where a text can be meant.
 */
import { AUDIT_KIND, tombstoneOf } from '../audit/chain.ts';
import type { TelemetryEvent } from '../contract/event.ts';
import type { Fate } from '../store/rewrite.ts';

/** Every given condition must hold. */
export interface Selection {
  /** A pseudonym: who did it, or whose migration it was. */
  user?: string | undefined;
  workspace?: string | undefined;
  /** Only events of before this time. */
  before?: string | undefined;
}

type Stored = Omit<TelemetryEvent, 'sequence'>;

/** Stands where a pseudonym stood that other events mention. */
export const FORGOTTEN = '(erased)';

/** Whether an event is meant. */
export function isSelected(selection: Selection, text: string): boolean {
  return selectedEvent(selection, text) !== undefined;
}

/** Whether an event goes, or would go: entries of the audit trail and versions of models stay in another shape. */
export function isErased(selection: Selection, text: string): boolean {
  const event = selectedEvent(selection, text);
  return event !== undefined && !isAuditEntry(event) && event.type !== 'model_update';
}

/**
 * What becomes of an event. Of an entry of the audit trail a tombstone stays, so that the chain can be checked; orders
 * to erase stay whole. Versions of models stay without the person. Whatever else mentions the person forgets them.
 *
 * @param erasure the erasure's id, for the tombstones
 */
export function fateOf(selection: Selection, erasure: string, text: string): Fate {
  const { user } = selection;
  const event = selectedEvent(selection, text);
  if (event && isAuditEntry(event)) {
    const { erasure: order, erased } = event.data;
    return order === undefined && erased === undefined ? { text: json(tombstoneOf(event, erasure)) } : 'keep';
  }
  if (event?.type === 'model_update') {
    const { user: _user, ...metadata } = event.metadata;
    return event.metadata.user === undefined ? 'keep' : { text: json({ ...event, metadata }) };
  }
  if (event) return 'drop';
  const isMentioned = user !== undefined && !selection.workspace && !selection.before;
  if (!isMentioned || !text.includes(user)) return 'keep';
  if (isAuditEntry(JSON.parse(text) as Stored)) return 'keep';
  return { text: text.replaceAll(JSON.stringify(user), JSON.stringify(FORGOTTEN)) };
}

/** The event, where it is meant. */
function selectedEvent({ user, workspace, before }: Selection, text: string): Stored | undefined {
  if (user !== undefined && !text.includes(user)) return undefined;
  if (workspace !== undefined && !text.includes(JSON.stringify(workspace))) return undefined;
  if (before !== undefined && !isBefore(text, Date.parse(before))) return undefined;
  const event = JSON.parse(text) as Stored;
  if (workspace !== undefined && event.metadata.workspace !== workspace) return undefined;
  if (user !== undefined && !isAbout(event, user)) return undefined;
  return event;
}

function isAbout(event: Stored, user: string): boolean {
  if (event.metadata.user === user || event.data.author === user) return true;
  return isAuditEntry(event) && String(event.data.detail ?? '').includes(user);
}

function isAuditEntry({ type, data }: Stored): boolean {
  return type === 'security_event' && data.kind === AUDIT_KIND && data.hash !== undefined;
}

/** As the journal writes events: id and time come first. */
const TIME = /^\{"id":"[^"]*","timestamp":"([^"]*)"/;

function isBefore(text: string, time: number): boolean {
  const timestamp = TIME.exec(text)?.[1] ?? (JSON.parse(text) as Stored).timestamp;
  return Date.parse(timestamp) < time;
}

function json(event: Stored): string {
  return JSON.stringify(event);
}
