/** Outputs of failed installations, as they were seen, and the line of each that says why. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

/** Plain JavaScript, which runs before anything is installed, and so without declared types. */
const script: string = new URL('../../scripts/failure-reason.mjs', import.meta.url).href;
const { failureReason } = (await import(script)) as { failureReason(error: unknown): string };

const CASES: [output: string, reason: string][] = [
  [
    `npm install code-server@4.139.1 ended with code 1:
npm error code 1
npm error path /home/someone/code-server/node_modules/code-server
npm error command failed
npm error command sh -c sh ./postinstall.sh
npm error ERROR: code-server currently requires node v24.
npm error We have detected that you are on node v20
npm error A complete log of this run can be found in: /home/someone/.npm/_logs/x-debug-0.log`,
    'ERROR: code-server currently requires node v24.',
  ],
  [
    `npm error code 1
npm error path /home/someone/node_modules/native-keymap
npm error command failed
npm error command sh -c node-gyp rebuild
npm error gyp info it worked if it ends with ok
npm error Package x11 was not found in the pkg-config search path.
npm error gyp ERR! stack     at ChildProcess.cpOnExit
npm error gyp ERR! System Linux 6.1
npm error gyp ERR! not ok`,
    'Package x11 was not found in the pkg-config search path.',
  ],
  [
    'apt-get install -y chromium ended with code 100:\nReading package lists...\nE: Unable to locate package chromium',
    'Unable to locate package chromium',
  ],
  ['it does not run on Windows', 'it does not run on Windows'],
  ['', 'no reason was given'],
];

for (const [output, reason] of CASES)
  test(reason, () => assert.equal(failureReason(new Error(output)), reason));
