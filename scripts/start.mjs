/** `npm start [-- PATH] [options]`: sets up what is missing, then runs the main job on PATH or on the sample project. */
import { isAbsolute, resolve } from 'node:path';
import { inRoot, pinnedNode, run } from './lib.mjs';
import { setup } from './setup.mjs';

const SAMPLE = inRoot('docs', 'sample-project');
/** Where the user typed the command: npm itself changes to the package's folder. */
const from = process.env.INIT_CWD ?? process.cwd();

const given = process.argv.slice(2);
const at = given.findIndex((argument, i) => !argument.startsWith('-') && !takesValue(given[i - 1]));
const args = given.map((argument, i) =>
  i === at && !isAbsolute(argument) ? resolve(from, argument) : argument,
);
if (at === -1 && !given.includes('--help')) args.unshift(SAMPLE);

try {
  await setup();
  process.exitCode = await run(pinnedNode(), [inRoot('dist', 'aibos.mjs'), 'start', ...args]);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 3;
}

/** @param {string | undefined} option */
function takesValue(option) {
  return option !== undefined && ['--port', '--data-dir', '--format'].includes(option);
}
