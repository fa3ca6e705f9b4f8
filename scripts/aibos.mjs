#!/usr/bin/env node
/** `npx aibos` in a checkout: the built command line, on the pinned Node. */
import { existsSync } from 'node:fs';
import { inRoot, pinnedNode, run } from './lib.mjs';

const bundle = inRoot('dist', 'aibos.mjs');
if (existsSync(bundle)) {
  process.exitCode = await run(pinnedNode(), [bundle, ...process.argv.slice(2)], { cwd: process.cwd() });
} else {
  process.stderr.write('aibos: not built yet; run npm run build first.\n');
  process.exitCode = 3;
}
