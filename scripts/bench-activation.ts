/**
 * `npm run bench:activation`: how long the editor waits for the extension. Loads and activates the built bundle in fresh
 * processes with an editor that answers at once, and prints the median and the slowest. `-- --json FILE` keeps the figures.
 */
import { execFileSync } from 'node:child_process';
import { statSync, writeFileSync } from 'node:fs';
import { inRoot } from './lib.mjs';

const ROUNDS = 30;
const BUNDLE = inRoot('dist', 'extension.cjs');

/** An editor whose every part is a function, an object and an event at once; classes can be made of it. */
const CHILD = `
  const Module = require('node:module');
  const anything = () => new Proxy(function () {}, {
    get: (_, key) => key === Symbol.toPrimitive ? () => '' : key === Symbol.iterator ? function* () {} :
      key === 'then' ? undefined : key === 'get' ? (_name, otherwise) => otherwise :
      key === 'workspaceFolders' ? undefined : key === 'prototype' ? {} : anything(),
    set: () => true,
    apply: () => anything(),
    construct: () => anything(),
  });
  const names = 'window workspace commands languages env version tasks l10n Uri EventEmitter ThemeColor ThemeIcon ' +
    'MarkdownString StatusBarAlignment ViewColumn TreeItem TreeItemCollapsibleState ConfigurationTarget Position Range ' +
    'TerminalShellExecutionCommandLineConfidence ProgressLocation DiagnosticSeverity QuickInputButtons ' +
    'ProcessExecution ShellExecution Disposable';
  const vscode = Object.fromEntries(names.split(' ').map((name) => [name, anything()]));
  const load = Module._load;
  Module._load = (request, ...rest) => request === 'vscode' ? vscode : load(request, ...rest);
  const started = performance.now();
  const extension = require(process.argv[1]);
  const loaded = performance.now();
  const promised = extension.activate(anything());
  const activated = performance.now();
  // As the editor does: whatever is queued before its own turn counts as ours.
  Promise.resolve(promised).then(() => {
    const resolved = performance.now();
    process.stdout.write(JSON.stringify([loaded - started, activated - loaded, resolved - activated]));
    process.exit(0);
  });
`;

const rounds = Array.from(
  { length: ROUNDS },
  () =>
    JSON.parse(execFileSync(process.execPath, ['--eval', CHILD, BUNDLE], { encoding: 'utf8' })) as [
      number,
      number,
      number,
    ],
);
const figures = {
  rounds: ROUNDS,
  bundleKiB: Math.round(statSync(BUNDLE).size / 1_024),
  loadMs: summary(rounds.map(([load]) => load)),
  activateMs: summary(rounds.map(([, activate]) => activate)),
  resolveMs: summary(rounds.map(([, , resolve]) => resolve)),
  totalMs: summary(rounds.map(([load, activate, resolve]) => load + activate + resolve)),
};
console.log(`extension.cjs: ${figures.bundleKiB} KiB, ${ROUNDS} fresh processes`);
for (const [name, { median, slowest }] of Object.entries({
  load: figures.loadMs,
  activate: figures.activateMs,
  resolve: figures.resolveMs,
  total: figures.totalMs,
}))
  console.log(`${name.padEnd(9)} median ${median.toFixed(1)} ms, slowest ${slowest.toFixed(1)} ms`);
const json = process.argv.indexOf('--json');
const file = process.argv[json + 1];
if (json !== -1 && file) writeFileSync(file, `${JSON.stringify(figures, null, 2)}\n`);

function summary(values: readonly number[]): { median: number; slowest: number } {
  const sorted = [...values].sort((a, b) => a - b);
  return { median: sorted[Math.floor(sorted.length / 2)] ?? 0, slowest: sorted.at(-1) ?? 0 };
}
