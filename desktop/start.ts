/** `npm run desktop`: builds what changed, then starts the app of this checkout. Arguments go to Electron. */
import { electronBinary } from '../core/node/cli/dashboard.ts';
import { inRoot, run } from '../scripts/lib.mjs';
import { build } from '../scripts/setup.mjs';

const binary = electronBinary();
if (binary) {
  await build();
  process.exitCode = await run(binary, [inRoot('dist', 'desktop', 'main.mjs'), ...process.argv.slice(2)]);
} else {
  process.stderr.write('Electron is not installed yet; npm run desktop:install fetches it.\n');
  process.exitCode = 3;
}
