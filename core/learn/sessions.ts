/** Sessions: migrations that one person made in one sitting. */
import type { Example } from './examples.ts';

export interface WorkSession {
  workspace: string;
  author: string | undefined;
  from: number;
  to: number;
  /** Operation name to how often it occurs in all of them. */
  operations: Record<string, number>;
  migrations: string[];
}

/** Longer pauses begin a new session. */
const PAUSE_MS = 4 * 3_600_000;

/** @param examples in order of time */
export function sessionsOf(examples: readonly Example[]): WorkSession[] {
  const sessions: WorkSession[] = [];
  const latest = new Map<string, WorkSession>();
  for (const { workspace, author, at, name, operations } of examples) {
    const key = `${workspace}\0${author ?? ''}`;
    let session = latest.get(key);
    if (!session || at - session.to > PAUSE_MS) {
      session = { workspace, author, from: at, to: at, operations: {}, migrations: [] };
      sessions.push(session);
      latest.set(key, session);
    }
    session.to = at;
    session.migrations.push(name);
    for (const [operation, count] of Object.entries(operations))
      session.operations[operation] = (session.operations[operation] ?? 0) + count;
  }
  return sessions;
}
