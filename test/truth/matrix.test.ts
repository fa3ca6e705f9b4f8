/** A part of the matrix of `npm run truth -- --matrix`: the analyser's word against a real server. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { loadParsers } from '../../core/node/parsers.ts';
import { compareHistories } from '../../scripts/truth/compare.ts';
import { matrixHistories } from '../../scripts/truth/matrix.ts';
import { startServer } from '../../scripts/truth/server.ts';
import { cleanup } from '../support/temp.ts';

const VERSION = 18;
/** Every one of so many cases, so that the test ends within half a minute. */
const STEP = 6;

before(loadParsers);

test('locks, rewrites and failures are those of a real PostgreSQL', async (scope) => {
  const server = await startServer(VERSION);
  cleanup(scope, () => server.stop());
  const chosen = matrixHistories(VERSION).filter((_, n) => n % STEP === 0);
  const differences: unknown[] = [];
  let statements = 0;
  for await (const { score } of compareHistories(server, VERSION, chosen)) {
    statements += score.statements;
    differences.push(...score.differences, ...score.failed, ...score.unanalysedPlaces);
  }
  assert.deepEqual(differences, []);
  assert.ok(
    statements > chosen.length * 0.9,
    `${statements} statements of ${chosen.length} cases were compared`,
  );
});
