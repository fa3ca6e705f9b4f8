/** A command of the terminal, or a task, that ran migrations: recorded with its outcome, and joined with its predictions. */
import type { Connection } from 'vscode-languageserver/node';
import { manifestEnvironments } from '../../../core/node/database/manifest-environments.ts';
import { recordRun } from '../../../core/node/runs/record-run.ts';
import { type Answer, RAN, type RanParams, type RanReport } from '../../protocol.ts';
import { answered } from '../method-calls.ts';
import { type RecordingParts, recordedPlace } from './observed.ts';
import { sendEvents } from './sender.ts';

export const TERMINAL_SOURCE = 'vscode:terminal';

/** Answers {@link RAN}. One run after the other: what is pending after one depends on the one before. */
export function serveRuns(connection: Connection, parts: RecordingParts): void {
  let last: Promise<unknown> = Promise.resolve();
  connection.onRequest<Answer<RanReport>, void>(RAN, (ran: RanParams) => {
    const turn = last.then(() => answered(() => record(ran, parts)));
    last = turn;
    return turn;
  });
}

const NOTHING: RanReport = { migrations: [], surprising: [] };

async function record(ran: RanParams, parts: RecordingParts): Promise<RanReport> {
  const place = recordedPlace(parts, ran.folder);
  if (!place) return NOTHING;
  const session = await parts.session();
  const { trusted } = parts.preferences();
  const { migrations, surprising } = await recordRun(ran, {
    client: session.client(),
    place,
    trusted,
    patterns: patternsAt(place.root, parts),
    source: TERMINAL_SOURCE,
    user: await parts.authors.pseudonymAt(place.root, trusted, session),
    send: (events) => sendEvents(events, parts.session, parts.log),
  });
  return { migrations: migrations.map(({ name, outcome }) => ({ name, outcome })), surprising };
}

/** A broken manifest keeps no run from being recorded; the governance says what is wrong with it. */
function patternsAt(root: string, { log }: RecordingParts) {
  try {
    return manifestEnvironments(root);
  } catch (error) {
    log.error(`environments of the manifest: ${error instanceof Error ? error.message : error}`);
    return {};
  }
}
