/** `aibos doctor`: what is installed, reachable and writable, and how to mend what is not. */

import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { redactText } from '../../../privacy/redact.ts';
import { instrument } from '../../../trace/instrument.ts';
import { ASSETS, assetPath, pagesFolder } from '../../assets.ts';
import { DATA_FOLDER_VARIABLE, DATABASE_VARIABLE, DataFolder } from '../../data-folder.ts';
import { DatabaseConnector } from '../../database/connector.ts';
import { Session } from '../../engine/session.ts';
import { nodePlatform } from '../../platform.ts';
import { VERSION } from '../../version.ts';
import type { GlobalOptions } from '../context.ts';
import { electronBinary, hasDisplay } from '../dashboard.ts';
import { EXIT, print, printJson, terminalStyle } from '../output.ts';

export interface Finding {
  name: string;
  state: 'ok' | 'missing' | 'broken';
  detail: string;
  /** What to do about it. */
  fix?: string;
}

const LEAST_FREE_BYTES = 500 * 1024 * 1024;

export async function doctorCommand(options: GlobalOptions): Promise<number> {
  const findings = await examine(options);
  if (options.format === 'json') {
    printJson({ version: VERSION, findings });
  } else {
    const style = terminalStyle();
    const marks = { ok: style.good('✓'), missing: style.dim('·'), broken: style.bad('✗') };
    const width = Math.max(...findings.map(({ name }) => name.length));
    for (const { name, state, detail, fix } of findings) {
      print(`${marks[state]} ${name.padEnd(width)}  ${detail}`);
      if (fix) print(`  ${' '.repeat(width)}  → ${fix}`);
    }
  }
  return findings.some(({ state }) => state === 'broken') ? EXIT.found : EXIT.done;
}

/** Everything that is looked at, in the order in which it is shown. */
export async function examine(options: Pick<GlobalOptions, 'dataDir'>): Promise<Finding[]> {
  return [...program(), ...(await dataFolder(options)), git(), ...desktop(), await database()];
}

function program(): Finding[] {
  const missing = (Object.keys(ASSETS) as (keyof typeof ASSETS)[]).filter(
    (name) => !existsSync(assetPath(name)),
  );
  const pages = existsSync(join(pagesFolder(), 'index.html'));
  return [
    { name: 'aibos', state: 'ok', detail: `version ${VERSION} on Node ${process.versions.node}` },
    missing.length === 0
      ? { name: 'embedded databases', state: 'ok', detail: 'PostgreSQL and SQLite are in place' }
      : {
          name: 'embedded databases',
          state: 'broken',
          detail: `missing: ${missing.join(', ')}`,
          fix: 'npm run build',
        },
    pages
      ? { name: 'pages', state: 'ok', detail: 'built' }
      : { name: 'pages', state: 'broken', detail: 'not built', fix: 'npm run build' },
  ];
}

async function dataFolder({ dataDir }: Pick<GlobalOptions, 'dataDir'>): Promise<Finding[]> {
  try {
    const folder = new DataFolder(dataDir);
    accessSync(folder.path, constants.W_OK);
    const disk = await statfs(folder.path);
    const free = Number(disk.bavail) * Number(disk.bsize);
    const space: Finding =
      free > LEAST_FREE_BYTES
        ? { name: 'disk', state: 'ok', detail: `${Math.round(free / 1e9)} GB free` }
        : {
            name: 'disk',
            state: 'broken',
            detail: `only ${Math.round(free / 1e6)} MB free`,
            fix: `free some space, or set ${DATA_FOLDER_VARIABLE}`,
          };
    return [
      { name: 'data folder', state: 'ok', detail: `${folder.path} (API token in ${folder.in('token')})` },
      space,
      await engine(folder),
    ];
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return [
      {
        name: 'data folder',
        state: 'broken',
        detail,
        fix: `set ${DATA_FOLDER_VARIABLE} to a folder that can be written`,
      },
    ];
  }
}

async function engine(folder: DataFolder): Promise<Finding> {
  try {
    const session = await Session.open(folder);
    try {
      const { state, processId, store, engines } = await session.client().call('health.get', {});
      const where = session.isOwner ? 'no other process has it open' : `hosted by process ${processId}`;
      const worst = engines
        .filter((one) => one.state !== 'ok')
        .map(({ name, message }) => `${name}: ${message}`);
      const detail = `${store.events} events, ${store.journalBytes} bytes of journal; ${where}`;
      if (state === 'ok') return { name: 'engine', state: 'ok', detail };
      return {
        name: 'engine',
        state: 'broken',
        detail: `${detail}; ${worst.join('; ')}`,
        ...(store.recovered ? { fix: store.recovered } : {}),
      };
    } finally {
      await session.close('doctor finished');
    }
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return {
      name: 'engine',
      state: 'broken',
      detail,
      fix: 'end the other process, or choose another data folder',
    };
  }
}

function git(): Finding {
  try {
    const version = execFileSync('git', ['--version'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return { name: 'git', state: 'ok', detail: version.trim().replace('git version ', '') };
  } catch {
    return {
      name: 'git',
      state: 'missing',
      detail: 'not found; authors and times of migrations stay unknown',
      fix: 'install git',
    };
  }
}

function desktop(): Finding[] {
  if (!electronBinary()) {
    return [
      {
        name: 'desktop app',
        state: 'missing',
        detail: 'no Electron binary; the dashboard opens in a browser',
        fix: 'npm run desktop:install',
      },
    ];
  }
  const detail = hasDisplay()
    ? 'ready'
    : 'Electron is there, but no display; the dashboard opens in a browser';
  return [{ name: 'desktop app', state: hasDisplay() ? 'ok' : 'missing', detail }];
}

async function database(): Promise<Finding> {
  const url = process.env[DATABASE_VARIABLE];
  if (!url)
    return {
      name: 'database',
      state: 'missing',
      detail: `none configured; set ${DATABASE_VARIABLE} to watch one`,
    };
  const connector = new DatabaseConnector(
    instrument('database-connector', () => undefined, nodePlatform),
    url,
  );
  try {
    const { product, version, database: name } = await connector.facts();
    return { name: 'database', state: 'ok', detail: `${name}, ${product} ${version}` };
  } catch (error) {
    const detail = redactText(error instanceof Error ? error.message : String(error));
    return { name: 'database', state: 'broken', detail, fix: `check ${DATABASE_VARIABLE}` };
  } finally {
    await connector.close();
  }
}
