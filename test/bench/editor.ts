/**
 * `npm run bench:editor`: opens a migration behind a long history over the language server protocol, edits it, and
 * measures how long it takes from the change to its diagnostics and to its lenses. Cold: nothing is known. Warm: the
 * history is. The history is a made-up one of 800 migrations; `--history DIR` takes the longest one of a repository, which
 * is copied. `--shadow` runs each edit in the shadow too, first while that still works through the history, then once it
 * is warm. `--json FILE` also writes the figures.
 */
import { readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Diagnostic } from 'vscode-languageserver/node';
import { discover } from '../../core/migrations/discover.ts';
import { listFiles } from '../../core/node/import/files.ts';
import { quantile, significant } from '../../core/numbers.ts';
import { benchFile, benchHistory, benchText } from '../../scripts/bench-history.ts';
import { FACES, lensesOf } from '../extension/language-editor.ts';
import { Editor } from '../extension/language-server.ts';
import { temporaryDataFolder, temporaryFolder } from '../support/temp.ts';
import { writeTree } from '../support/tree.ts';

const FILES = 800;
const EDITS = 100;
/** Between two edits; with the shadow long enough for it to begin. */
const [PAUSE_MS, SHADOW_PAUSE_MS] = [200, 600];
/** What the answers may take once warm. */
const GOAL_MS = 150;
/** The shadow works through a long history only once. */
const SHADOW_WARM_MS = 600_000;

/** A project and the migration in it that is edited; `tables` are there before it. */
interface Project {
  files: Record<string, string>;
  edited: string;
  tables: string[];
}

const shadow = process.argv.includes('--shadow');
const repository = argumentOf('--history');
const cleanups: (() => unknown)[] = [];
const scope = { after: (work: () => unknown) => void cleanups.push(work) };
try {
  const project = repository === undefined ? madeUp() : await longestIn(repository);
  const root = realpathSync(temporaryFolder(scope, 'aibos-bench-'));
  writeTree(root, project.files);
  const vscode = await Editor.start(scope, {
    root,
    folder: temporaryDataFolder(scope),
    preferences: { recording: 'paused', faces: FACES, shadow },
  });
  const cold = await coldly(vscode, project);
  const rows = [{ what: 'first answer, nothing known', median: cold, p95: cold, max: cold }];
  const measure = async (when: string) => {
    const times = await warmly(vscode, project);
    for (const [what, measured] of Object.entries(times))
      rows.push({ what: `${what}${when}`, ...spread(measured) });
  };
  await measure(shadow ? ', the shadow not warm yet' : '');
  if (shadow) {
    await shadowIsWarm(vscode, project);
    await measure(', the shadow warm');
  }
  const migrations = Object.keys(project.files).length;
  console.log(
    `${migrations} files, ${EDITS} edits, ${shadow ? 'with' : 'without'} the shadow; milliseconds; ${cpus().length} processors, Node ${process.versions.node}`,
  );
  console.table(rows);
  console.log(`Goal once warm: ${GOAL_MS} ms.`);
  const path = argumentOf('--json');
  if (path)
    writeFileSync(
      path,
      `${JSON.stringify({ files: migrations, edits: EDITS, shadow, goalMs: GOAL_MS, rows }, null, 2)}\n`,
    );
} finally {
  for (const work of cleanups.reverse()) await work();
}

function argumentOf(option: string): string | undefined {
  const at = process.argv.indexOf(option);
  return at === -1 ? undefined : process.argv[at + 1];
}

function madeUp(): Project {
  const history = benchHistory(FILES - 1);
  const files = Object.fromEntries(
    history.map((statements, i) => [`migrations/${benchFile(i)}`, benchText(statements)]),
  );
  const tables = Array.from({ length: 50 }, (_, i) => `t${40 + i}`);
  return { files, edited: `migrations/${benchFile(FILES - 1)}`, tables };
}

/** The files of the longest history of a repository, with one migration more behind its last. */
async function longestIn(root: string): Promise<Project> {
  const { paths } = await listFiles(root);
  const known = new Set(paths);
  const read = (path: string) => readFileSync(join(root, path), 'utf8');
  const longest = discover(paths, (path) => (known.has(path) ? read(path) : undefined)).histories.sort(
    (a, b) => b.migrations.length - a.migrations.length,
  )[0];
  const last = longest?.migrations.at(-1)?.path;
  if (!longest || last === undefined) throw new Error(`No history of migrations in ${root}.`);
  const inHistory = paths.filter((path) => path.startsWith(`${longest.folder}/`));
  const files = Object.fromEntries(inHistory.map((path) => [path, read(path)]));
  const text = longest.migrations.map(({ path }) => files[path] ?? '').join('\n');
  const tables = [...text.matchAll(/CREATE TABLE "?(\w+)"? \(/g)].map(([, name]) => `"${name}"`).slice(-50);
  // The highest number that any tool writes in front of a name.
  return { files, edited: last.replace(/\d+(?=_[^/]*(?:\/[^/]+)?$)/, '99999999999999'), tables };
}

async function coldly(vscode: Editor, project: Project): Promise<number> {
  const since = performance.now();
  await vscode.open(project.edited, edited(project, 0));
  await lensesOf(vscode, project.edited);
  return significant(performance.now() - since);
}

async function warmly(vscode: Editor, project: Project) {
  const times = {
    'edit to diagnostics': [] as number[],
    'edit to lenses': [] as number[],
    'cursor to completion': [] as number[],
  };
  for (let edit = 1; edit <= EDITS; edit++) {
    await delay(shadow ? SHADOW_PAUSE_MS : PAUSE_MS);
    const since = performance.now();
    const published = said(vscode, edit);
    await vscode.type(project.edited, edited(project, edit));
    const lenses = lensesOf(vscode, project.edited).then(() => performance.now() - since);
    times['edit to diagnostics'].push((await published) - since);
    times['edit to lenses'].push(await lenses);
    const before = performance.now();
    await vscode.connection.sendRequest('textDocument/completion', {
      textDocument: { uri: vscode.uri(project.edited) },
      position: { line: edit % 9, character: 12 },
    });
    times['cursor to completion'].push(performance.now() - before);
  }
  return times;
}

async function shadowIsWarm(vscode: Editor, project: Project): Promise<void> {
  const until = performance.now() + SHADOW_WARM_MS;
  for (;;) {
    const lenses = await lensesOf(vscode, project.edited);
    if (lenses.some(({ command }) => command?.tooltip?.includes('ran in the shadow'))) return;
    if (performance.now() > until) throw new Error('The shadow did not get through the history.');
    await delay(1_000);
  }
}

/** When the server has published what it says of this edit: its finding stands on another line than the one before. */
function said(vscode: Editor, edit: number): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  const set = Map.prototype.set.bind(vscode.diagnostics);
  vscode.diagnostics.set = (uri: string, list: Diagnostic[]) => {
    if (list.some(({ range }) => range.start.line === edit % 9)) resolve(performance.now());
    set(uri, list);
    return vscode.diagnostics;
  };
  return promise;
}

function edited({ tables }: Project, edit: number): string {
  const table = tables[edit % tables.length];
  return `${'\n'.repeat(edit % 9)}ALTER TABLE ${table} ADD CONSTRAINT once_${edit} UNIQUE (id);\nSELECT 1;\n`;
}

function spread(times: readonly number[]) {
  return {
    median: significant(quantile(times, 0.5)),
    p95: significant(quantile(times, 0.95)),
    max: significant(Math.max(...times)),
  };
}
