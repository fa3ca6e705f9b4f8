/**
 * What a page may say, checked on both sides of the sandbox: in the preload, so that a page learns at once what it did
 * wrong, and in the main process, which trusts no renderer.
 */
import type { PageMessage } from '../../core/contract/bridge.ts';
import { METHOD_NAMES, type MethodName } from '../../core/contract/methods.ts';

/** Channel on which the page's messages travel to the main process. */
export const PAGE_CHANNEL = 'aibos:page';
/** Channel on which the preload says what was dropped on the window: a path, which the page never sees. */
export const DROP_CHANNEL = 'aibos:drop';
/** Channel on which the answers travel back. */
export const HOST_CHANNEL = 'aibos:host';

const LONGEST_ROUTE = 2_000;
const LONGEST_NAME = 200;
const LONGEST_FILE = 64 * 1024 * 1024;

/** A copy of a message with exactly its own fields. Throws a TypeError for anything that is no message of a page. */
export function checkPageMessage(value: unknown): PageMessage {
  if (typeof value !== 'object' || value === null) throw new TypeError('A message is an object.');
  const message = value as Record<string, unknown>;
  switch (message.kind) {
    case 'ready':
      return { kind: 'ready' };
    case 'request':
      return { kind: 'request', id: id(message), method: method(message), params: message.params };
    case 'subscribe':
      return { kind: 'subscribe', id: id(message), ...streamOptions(message) };
    case 'unsubscribe':
      return { kind: 'unsubscribe', id: id(message) };
    case 'route':
      return { kind: 'route', route: text(message, 'route', LONGEST_ROUTE) };
    case 'save':
      return {
        kind: 'save',
        name: text(message, 'name', LONGEST_NAME),
        mediaType: text(message, 'mediaType', LONGEST_NAME),
        text: text(message, 'text', LONGEST_FILE),
        ...(message.encoding === 'base64' ? { encoding: 'base64' as const } : {}),
      };
    default:
      throw new TypeError(`The desktop app takes no message of the kind ${String(message.kind)}.`);
  }
}

function method({ method }: Record<string, unknown>): MethodName {
  const known = METHOD_NAMES.find((name) => name === method);
  if (known === undefined) throw new TypeError(`There is no method ${String(method)}.`);
  return known;
}

function id({ id }: Record<string, unknown>): number {
  if (!Number.isSafeInteger(id)) throw new TypeError('The id of a message is a whole number.');
  return id as number;
}

function text(message: Record<string, unknown>, name: string, longest: number): string {
  const value = message[name];
  if (typeof value === 'string' && value.length <= longest) return value;
  throw new TypeError(`${name} is a text of at most ${longest} characters.`);
}

type StreamOptions = Omit<Extract<PageMessage, { kind: 'subscribe' }>, 'kind' | 'id'>;

/** `after` and `filter`, where they are given. */
function streamOptions({ after, filter }: Record<string, unknown>): StreamOptions {
  const options: StreamOptions = {};
  if (after !== undefined) {
    if (!Number.isSafeInteger(after)) throw new TypeError('after is a whole number.');
    options.after = after as number;
  }
  if (filter === undefined) return options;
  if (typeof filter !== 'object' || filter === null) throw new TypeError('filter is an object.');
  const { type, workspace } = filter as Record<string, unknown>;
  if (type !== undefined && !(Array.isArray(type) && type.every((name) => typeof name === 'string')))
    throw new TypeError('The type of a filter is a list of names.');
  if (workspace !== undefined && typeof workspace !== 'string')
    throw new TypeError('The workspace of a filter is a name.');
  options.filter = {
    ...(type === undefined ? {} : { type: type as NonNullable<StreamOptions['filter']>['type'] & {} }),
    ...(workspace === undefined ? {} : { workspace }),
  };
  return options;
}
