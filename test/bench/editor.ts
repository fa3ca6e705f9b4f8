/**
 * `npm run bench:editor`: writes a history of 800 migrations, opens the last one over the language server protocol, edits
 * it, and measures how long it takes from the change to its diagnostics and to its lenses. Cold: nothing is known. Warm: the
 * history is. `--shadow` runs each edit in the shadow too. `--json FILE` also writes the figures.
 */
import { realpathSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type { Diagnostic } from 'vscode-languageserver/node';
import { quantile, significant } from '../../core/numbers.ts';
import { FACES, lensesOf } from '../extension/language-editor.ts';
import { Editor } from '../extension/language-server.ts';
import { temporaryDataFolder, temporaryFolder } from '../support/temp.ts';
import { writeTree } from '../support/tree.ts';

const FILES = 800;
const EDITS = 100;
/** Between two edits, as long as somebody who types pauses. */
const PAUSE_MS = 200;
/** What the answers may take once warm. */
const GOAL_MS = 150;

const shadow = process.argv.includes('--shadow');
const cleanups: (() => unknown)[] = [];
const scope = { after: (work: () => unknown) => void cleanups.push(work) };
try {
  const files = history();
  const root = realpathSync(temporaryFolder(scope, 'aibos-bench-'));
  writeTree(root, files);
  const vscode = await Editor.start(scope, {
    root,
    folder: temporaryDataFolder(scope),
    preferences: { recording: 'paused', faces: FACES, shadow },
  });
  const cold = await coldly(vscode);
  const warm = await warmly(vscode);
  const rows = [
    { what: 'first answer, nothing known', median: cold, p95: cold, max: cold },
    { what: 'edit to diagnostics', ...spread(warm.diagnostics) },
    { what: 'edit to lenses', ...spread(warm.lenses) },
    { what: 'cursor to completion', ...spread(warm.completion) },
  ];
  console.log(
    `${FILES} migrations, ${EDITS} edits, ${shadow ? 'with' : 'without'} the shadow; milliseconds; ${cpus().length} processors, Node ${process.versions.node}`,
  );
  console.table(rows);
  console.log(`Goal once warm: ${GOAL_MS} ms.`);
  const at = process.argv.indexOf('--json');
  const path = at === -1 ? undefined : process.argv[at + 1];
  if (path)
    writeFileSync(
      path,
      `${JSON.stringify({ files: FILES, edits: EDITS, shadow, goalMs: GOAL_MS, rows }, null, 2)}\n`,
    );
} finally {
  for (const work of cleanups.reverse()) await work();
}

function lastFile(): string {
  return `migrations/${String(FILES).padStart(4, '0')}_step.sql`;
}

async function coldly(vscode: Editor): Promise<number> {
  const since = performance.now();
  await vscode.open(lastFile(), edited(0));
  await lensesOf(vscode, lastFile());
  return significant(performance.now() - since);
}

async function warmly(vscode: Editor) {
  const times = { diagnostics: [] as number[], lenses: [] as number[], completion: [] as number[] };
  for (let edit = 1; edit <= EDITS; edit++) {
    await delay(PAUSE_MS);
    const since = performance.now();
    const published = said(vscode, edit);
    await vscode.type(lastFile(), edited(edit));
    const lenses = lensesOf(vscode, lastFile()).then(() => performance.now() - since);
    times.diagnostics.push((await published) - since);
    times.lenses.push(await lenses);
    const before = performance.now();
    await vscode.connection.sendRequest('textDocument/completion', {
      textDocument: { uri: vscode.uri(lastFile()) },
      position: { line: edit % 9, character: 12 },
    });
    times.completion.push(performance.now() - before);
  }
  return times;
}

/** When the server has published what it says of this edit: its finding stands on another line than the one before. */
function said(vscode: Editor, edit: number): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  const set = vscode.diagnostics.set.bind(vscode.diagnostics);
  vscode.diagnostics.set = (uri: string, list: Diagnostic[]) => {
    if (list.some(({ range }) => range.start.line === edit % 9)) resolve(performance.now());
    return set(uri, list);
  };
  return promise;
}

function edited(edit: number): string {
  return `${'\n'.repeat(edit % 9)}ALTER TABLE t${40 + (edit % 50)} ADD CONSTRAINT once_${edit} UNIQUE (name);\nSELECT 1;\n`;
}

function spread(times: readonly number[]) {
  return {
    median: significant(quantile(times, 0.5)),
    p95: significant(quantile(times, 0.95)),
    max: significant(Math.max(...times)),
  };
}

function history(): Record<string, string> {
  return Object.fromEntries(
    Array.from({ length: FILES - 1 }, (_, i) => [
      `migrations/${String(i + 1).padStart(4, '0')}_step.sql`,
      `${migration(i).join(';\n')};\n`,
    ]),
  );
}

/** Every eighth makes a table; the others change those that are there, in the ways that histories do. */
function migration(i: number): string[] {
  const group = Math.floor(i / 8);
  const table = `t${group}`;
  const earlier = `t${Math.max(0, group - 1)}`;
  const forms: string[][] = [
    [
      `CREATE TABLE ${table} (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, at timestamptz DEFAULT now(), parent bigint)`,
      `CREATE INDEX ${table}_name ON ${table} (name)`,
    ],
    [`ALTER TABLE ${table} ADD COLUMN note text, ADD COLUMN amount numeric(10, 2) NOT NULL DEFAULT 0`],
    [`CREATE INDEX ${table}_at ON ${table} (at) WHERE note IS NOT NULL`],
    [
      `ALTER TABLE ${table} ADD CONSTRAINT ${table}_parent FOREIGN KEY (parent) REFERENCES ${earlier} (id) NOT VALID`,
      `ALTER TABLE ${table} VALIDATE CONSTRAINT ${table}_parent`,
    ],
    [
      `CREATE VIEW v${group} AS SELECT a.id, a.name, count(b.id) AS n FROM ${table} a LEFT JOIN ${earlier} b ON b.id = a.parent GROUP BY a.id, a.name`,
    ],
    [
      `CREATE FUNCTION f${group}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.at := now(); RETURN NEW; END $$`,
      `CREATE TRIGGER touch BEFORE UPDATE ON ${table} FOR EACH ROW EXECUTE FUNCTION f${group}()`,
    ],
    [`INSERT INTO ${table} (name) VALUES ('a'), ('b')`, `UPDATE ${table} SET note = name WHERE id < 10`],
    [
      `ALTER TABLE ${table} ALTER COLUMN note SET DEFAULT ''`,
      `COMMENT ON TABLE ${table} IS 'group ${group}'`,
    ],
  ];
  return forms[i % forms.length] ?? [];
}
