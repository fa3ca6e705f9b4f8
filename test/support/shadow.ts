/** Shadows in the test's own process, and what they said without what differs from run to run. */
import { readAsset } from '../../core/node/assets.ts';
import { loadParsers } from '../../core/node/parsers.ts';
import { nodePlatform } from '../../core/node/platform.ts';
import { PostgresShadow } from '../../core/node/shadow/postgres.ts';
import { SqliteShadow } from '../../core/node/shadow/sqlite.ts';
import type { Checkpoints, HistoryKind } from '../../core/shadow/history-state.ts';
import { IncrementalShadow } from '../../core/shadow/incremental.ts';
import type { FileVerdict, StatementVerdict } from '../../core/shadow/verdict.ts';
import { cleanup, type TestScope } from './temp.ts';

export const NO_HOOKS = {
  before: async () => undefined,
  refuse: () => undefined,
  beforeMigration: async () => undefined,
};

/** Keeps nothing. */
export const NO_CHECKPOINTS: Checkpoints = {
  has: () => false,
  load: () => undefined,
  peek: () => undefined,
  save: () => undefined,
};

export async function incrementalShadow(
  scope: TestScope,
  kind: HistoryKind,
  checkpoints = NO_CHECKPOINTS,
): Promise<IncrementalShadow> {
  await loadParsers();
  await readAsset('sql-wasm.wasm');
  const shadow = new IncrementalShadow({
    kind,
    open: (image) => (kind.dialect === 'sqlite' ? SqliteShadow.start(image) : PostgresShadow.start(image)),
    engine: 'test',
    checkpoints,
    platform: nodePlatform,
  });
  cleanup(scope, () => shadow.close());
  return shadow;
}

/** Everything but durations. */
export function withoutTimes({ durationMs: _, statements, ...rest }: FileVerdict) {
  return { ...rest, statements: statements.map(({ durationMs: __, ...statement }) => statement) };
}

/** `works`, or the engine's words with their place, or the reason. */
export function gist({ verdict, error, reason }: StatementVerdict): string {
  if (verdict === 'works') return 'works';
  if (verdict === 'unjudged') return `unjudged: ${reason}`;
  const code = error?.sqlState ? `${error.sqlState} ` : '';
  return `${error?.line}:${error?.column} ${code}${error?.message}`;
}
