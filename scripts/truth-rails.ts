/**
 * `npm run truth:rails -- FOLDER`: runs the migrations of a Rails application (`db/migrate`) with ActiveRecord itself on a
 * real PostgreSQL, and compares what it sends with what is read from their text. Needs Ruby with the gems activerecord
 * and pg. A migration that is written for a newer ActiveRecord than the one at hand is compared as one for this.
 * `--all` prints what differs in full.
 */
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { loadParsers } from '../core/node/parsers.ts';
import { compare } from './truth/rails-compare.ts';
import { startServer } from './truth/server.ts';

interface Ran {
  version: string;
  files: Record<string, { sql: string[]; error: string | null }>;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { all: { type: 'boolean', default: false } },
});
const [folder] = positionals;
if (folder === undefined) {
  process.stderr.write('Which folder? npm run truth:rails -- ../my-app/db/migrate\n');
  process.exit(2);
}
const has = spawnSync('ruby', ['-e', 'require "active_record"; require "pg"; puts ActiveRecord.version'], {
  encoding: 'utf8',
});
if (has.status !== 0) {
  process.stderr.write('not run: Ruby with the gems activerecord and pg is not installed\n');
  process.exit(3);
}
await loadParsers();
const copy = mkdtempSync(join(tmpdir(), 'truth-rails-'));
const server = await startServer(18);
try {
  copyFor(has.stdout.trim(), folder);
  const { stdout } = await promisify(execFile)(
    'ruby',
    [join(import.meta.dirname, 'truth', 'rails-run.rb'), server.url('postgres'), copy],
    { maxBuffer: 1 << 28 },
  );
  report(JSON.parse(stdout) as Ran);
} finally {
  await server.stop();
  rmSync(copy, { recursive: true, force: true });
}

/** The migrations, each for the version at hand where it names a newer one. */
function copyFor(version: string, from: string): void {
  const [major, minor] = version.split('.');
  for (const name of readdirSync(from)) {
    if (!name.endsWith('.rb')) continue;
    const text = readFileSync(join(from, name), 'utf8')
      .replace(/(?<=ActiveRecord::Migration)\[([\d.]+)\]/, (all, given) =>
        Number(given) > Number(`${major}.${minor}`) ? `[${major}.${minor}]` : all,
      )
      .replace(/(ActiveRecord::Migration)[^\S\n]*$/m, '$1[4.2]');
    writeFileSync(join(copy, name), text);
  }
}

function report({ version, files }: Ran): void {
  let [same, sent, compared, open, ended] = [0, 0, 0, 0, 0];
  for (const [name, { sql, error }] of Object.entries(files)) {
    if (error !== null) {
      ended++;
      if (values.all) console.log(`${name}\n    not run by ActiveRecord: ${error}`);
      continue;
    }
    const result = compare(readFileSync(join(copy, name), 'utf8'), sql);
    if (!result) {
      open++;
      continue;
    }
    compared++;
    sent += result.sent;
    if (result.onlySent.length + result.onlyRead.length === 0) same++;
    else {
      console.log(name);
      for (const one of result.onlySent) console.log(`    sent  ${values.all ? one : one.slice(0, 150)}`);
      for (const one of result.onlyRead) console.log(`    read  ${values.all ? one : one.slice(0, 150)}`);
    }
  }
  console.log(
    `ActiveRecord ${version}: ${same} of ${compared} migrations the same (${sent} statements); ` +
      `${open} are not known from their text alone, ${ended} did not run without their application`,
  );
}
