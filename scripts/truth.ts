/**
 * `npm run truth -- PATH… [--matrix] [--pg 15|18]… [--json FILE] [--quiet]`: sets what the analyser says about each
 * statement beside what a real PostgreSQL does. Prints the share of statements whose lock set is exact, the rewrites found
 * and missed, the share that was not analysed, and every difference.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { loadParsers } from '../core/node/parsers.ts';
import { compareHistories, type Score } from './truth/compare.ts';
import { type History, readHistories } from './truth/histories.ts';
import { matrixHistories } from './truth/matrix.ts';
import { report, summary } from './truth/report.ts';
import { startServer } from './truth/server.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    matrix: { type: 'boolean', default: false },
    pg: { type: 'string', multiple: true, default: ['18'] },
    json: { type: 'string' },
    quiet: { type: 'boolean', default: false },
    failed: { type: 'boolean', default: false },
  },
});

if (positionals.length === 0 && !values.matrix) {
  process.stderr.write('Name folders of migration histories, or say --matrix.\n');
  process.exit(2);
}
await loadParsers();
const scores: { version: number; score: Score }[] = [];
for (const version of values.pg.map(Number)) {
  const histories: History[] = [];
  for (const path of positionals) histories.push(...(await readHistories(path)));
  if (values.matrix) histories.push(...matrixHistories(version));
  const server = await startServer(version);
  try {
    for await (const { history, score } of compareHistories(server, version, histories)) {
      scores.push({ version, score });
      const nothing = score.differences.length + score.failed.length + score.unanalysed === 0;
      if (history.brief && nothing) continue;
      process.stdout.write(`${report(version, score, values.quiet, values.failed)}\n`);
    }
  } finally {
    await server.stop();
  }
}
process.stdout.write(`${summary(scores)}\n`);
if (values.json) writeFileSync(values.json, `${JSON.stringify(scores, undefined, 2)}\n`);
process.exit(0);
