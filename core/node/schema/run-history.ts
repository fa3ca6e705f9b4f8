/** Runs a migration history in a shadow for the schemas that it goes through; records nothing. */
import type { FoundHistory } from '../../migrations/discover.ts';
import { formats } from '../../migrations/formats.ts';
import type { SchemaSnapshot } from '../../schema/snapshot.ts';
import type { Shadow } from '../../shadow/shadow.ts';
import { migrationToRun, parsed, prepare } from '../import/prepare.ts';

export interface PassedVersion {
  migration: string;
  /** Whether all of it worked; what did not is left out of the schema. */
  succeeded: boolean;
  schema: SchemaSnapshot;
}

/**
 * The schema after each migration.
 *
 * @param root folder from which the paths of the history count
 * @param shadow empty; whoever gives it closes it
 */
export async function* schemasOf(
  root: string,
  history: FoundHistory,
  shadow: Shadow,
): AsyncGenerator<PassedVersion> {
  const { books } = formats[history.format];
  if (books && history.dialect !== 'sqlite') await shadow.prepare(books.create);
  const context = { root, workspace: '', origins: new Map(), authorOf: () => '' };
  for (const found of history.migrations) {
    const listed = prepare(history, found, context);
    if (listed.problem !== undefined) continue;
    const { outcome } = await shadow.run(migrationToRun(parsed(listed)));
    yield { migration: found.name, succeeded: outcome === 'succeeded', schema: await shadow.snapshot() };
  }
}
