/**
 * What the pages and their host say to each other where there is no HTTP between them: in a VS Code webview through
 * `postMessage`, in the desktop app through the preload script. Plain data only, so that it crosses a process as it is;
 * errors cross as problem documents and become `TelemetryError`s again (see `errors.ts`).
 *
 * The page speaks first with `ready`, the host answers with `start`; requests may follow in any order and are answered
 * in any order.
 */

import type { TelemetryEvent } from './event.ts';
import type { EventFilter, MethodName } from './methods.ts';
import type { Problem } from './problem.ts';

/** `system` follows the operating system. A VS Code webview ignores it: there the editor's own theme is used. */
export type PageTheme = 'system' | 'light' | 'dark';

/** From the page to its host. `id` numbers a request, or a subscription, and comes back in what answers it. */
export type PageMessage =
  | { kind: 'ready' }
  | { kind: 'request'; id: number; method: MethodName; params: unknown }
  | { kind: 'subscribe'; id: number; after?: number; filter?: Pick<EventFilter, 'type' | 'workspace'> }
  | { kind: 'unsubscribe'; id: number }
  /** The page went there, for example `#/events?status=error`; a host that opens it again gives it back in `start`. */
  | { kind: 'route'; route: string }
  /** The reader asked for this file: show a dialog and save it. With `encoding`, `text` holds bytes written that way. */
  | { kind: 'save'; name: string; mediaType: string; text: string; encoding?: 'base64' }
  /** The reader wants to see a recorded place; sent only where `start` said `opensFiles`. `line` counts from 1. */
  | { kind: 'open'; workspace: string; file: string; line?: number };

/** A file as it crosses the bridge. */
export type SavedFile = Omit<Extract<PageMessage, { kind: 'save' }>, 'kind'>;

/** From the host to the page. */
export type HostMessage =
  | { kind: 'start'; theme?: PageTheme; route?: string; opensFiles?: boolean }
  | { kind: 'response'; id: number; result: unknown; problem?: never }
  | { kind: 'response'; id: number; problem: Problem; result?: never }
  | { kind: 'events'; id: number; events: TelemetryEvent[] }
  /** The engine went away, or is there again; after that the page subscribes and asks again. */
  | { kind: 'connection'; connected: boolean }
  | { kind: 'theme'; theme: PageTheme }
  /** Go there, for example because the reader chose an event in the editor. */
  | { kind: 'route'; route: string };

/** What the preload script gives the page of the desktop app, as `window.aibos`. */
export interface PreloadBridge {
  post(message: PageMessage): void;
  /** Calls `listener` with every message of the host from now on; the result ends it. */
  listen(listener: (message: HostMessage) => void): () => void;
}
