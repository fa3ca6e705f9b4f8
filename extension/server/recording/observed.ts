/** What the editor saw and no file says: completes its events with workspace and author, and stores them. */
import { relative, sep } from 'node:path';
import type { Connection } from 'vscode-languageserver/node';
import type { Session } from '../../../core/node/engine/session.ts';
import { type Answer, OBSERVED, type ObservedParams, type Preferences } from '../../protocol.ts';
import { answered } from '../method-calls.ts';
import type { WorkspaceFolders } from '../workspace.ts';
import type { Authors } from './authors.ts';
import { isExcluded } from './excluded.ts';
import { type SendLog, sendEvents } from './sender.ts';

export interface RecordingParts {
  /** Resolves once the engine can be reached. */
  session: () => Promise<Session>;
  preferences: () => Preferences;
  folders: WorkspaceFolders;
  authors: Authors;
  log: SendLog;
}

/** Answers {@link OBSERVED} with how many events were stored; none where recording is off or the place is left out. */
export function serveObserved(connection: Connection, parts: RecordingParts): void {
  connection.onRequest<Answer<number>, void>(OBSERVED, ({ events, about }: ObservedParams) =>
    answered(async () => {
      const place = recordedPlace(parts, about);
      if (!place) return 0;
      const session = await parts.session();
      const { trusted } = parts.preferences();
      const user = await parts.authors.pseudonymAt(place.root, trusted, session);
      const whole = events.map((event) => ({
        ...event,
        metadata: { workspace: place.workspace, ...(user ? { user } : {}), ...event.metadata },
      }));
      await sendEvents(whole, parts.session, parts.log);
      return whole.length;
    }),
  );
}

/** The open folder of a path of which things are recorded. */
export function recordedPlace({ preferences, folders }: RecordingParts, about: string | undefined) {
  const { recording, exclude = [] } = preferences();
  if (recording !== 'on') return undefined;
  const place = folders.folderOf(about);
  if (!place || about === undefined) return place;
  return isExcluded(relative(place.root, about).split(sep).join('/'), exclude) ? undefined : place;
}
