/**
 * `npm test [-- FOLDER_OR_FILE…]`: sets up what is missing, then runs everything: types, lint, dead code, all tests.
 * With arguments only the tests below them.
 */
import { inRoot, pinnedNode, run } from './lib.mjs';
import { build, install } from './setup.mjs';

try {
  await install();
  const only = process.argv.slice(2);
  if (only.length === 0) {
    const { setupTests } = await import('./test-setup.mjs');
    await setupTests();
  }
  await build();
  process.exitCode = await run(pinnedNode(), [inRoot('scripts', 'run-tests.ts'), ...only]);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
