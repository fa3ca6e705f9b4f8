/**
 * Installs what the end-to-end tests need and a machine may not have: Chromium, MariaDB, and code-server, which
 * is VS Code as a server. Does nothing, fast, where they are there. What cannot be installed is said in one line each; the
 * tests that need it are then skipped with the reason.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { failureReason } from './failure-reason.mjs';
import { inRoot, pinnedNode, quietly } from './lib.mjs';

const exec = promisify(execFile);
const REQUIREMENTS = pathToFileURL(inRoot('test', 'support', 'requirements.ts')).href;
const MARIADB = pathToFileURL(inRoot('test', 'support', 'mariadb.ts')).href;
/** code-server compiles parts of itself against these. */
const BUILD_PACKAGES = ['libkrb5-dev', 'libsecret-1-dev', 'libx11-dev', 'libxkbfile-dev', 'pkg-config'];
/** Command and package of what compiles them. */
const BUILD_TOOLS = [
  ['python3', 'python3'],
  ['make', 'make'],
  ['g++', 'g++'],
];

/** Returns what could not be installed, and why, in one line each; says the same on standard error. */
export async function setupTests() {
  const needed = await requirements();
  /** @type {string[]} */
  const problems = [];
  if (needed.chromium.missing) await attempt(problems, 'Chromium', () => installPackages(['chromium']));
  if (needed.codeServer.missing) await attempt(problems, 'code-server', () => installCodeServer(needed));
  if (needed.mariadb.missing)
    await attempt(problems, 'MariaDB', () => installPackages(['mariadb-server-core']));
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  return problems;
}

/**
 * What the tests themselves look for; asked of the pinned Node, which runs TypeScript.
 * @returns {Promise<{ chromium: { missing?: string }, codeServer: { missing?: string }, mariadb: { missing?: string }, folder: string, version: string }>}
 */
async function requirements() {
  const script = `import { mariadb } from ${JSON.stringify(MARIADB)};
    import { chromium, codeServer, codeServerFolder, CODE_SERVER_VERSION } from ${JSON.stringify(REQUIREMENTS)};
    console.log(JSON.stringify({ chromium: chromium(), codeServer: codeServer(), mariadb: mariadb(), folder: codeServerFolder(),
      version: CODE_SERVER_VERSION }));`;
  const { stdout } = await exec(pinnedNode(), ['--input-type=module', '--eval', script]);
  return JSON.parse(stdout);
}

/**
 * @param {string[]} problems
 * @param {string} what
 * @param {() => Promise<void>} install
 */
async function attempt(problems, what, install) {
  try {
    await install();
  } catch (error) {
    problems.push(`${what} is not installed: ${failureReason(error)}`);
  }
}

/** @param {{ folder: string, version: string }} needed */
async function installCodeServer({ folder, version }) {
  if (process.platform === 'win32') throw new Error('it does not run on Windows');
  await installPackages([...(await missingPackages(BUILD_PACKAGES)), ...(await missingTools())]);
  mkdirSync(folder, { recursive: true });
  const options = { cwd: folder, env: npmEnvironment() };
  const title = `Installing code-server ${version} (once, some minutes)`;
  const flags = ['--dangerously-allow-all-scripts', '--no-audit', '--no-fund'];
  await exec('npm', ['init', '--yes'], options);
  const install = () => quietly(title, 'npm', ['install', `code-server@${version}`, ...flags], options);
  await install().catch((error) => {
    process.stderr.write(`code-server: ${failureReason(error)}; once more.\n`);
    return install();
  });
  writeFileSync(join(folder, '.installed'), '');
}

/**
 * For an npm that runs below another npm (`npm test`) on another Node. The outer one hands its user agent down, from
 * which code-server's installer reads the version of Node: it would refuse the machine's Node although the pinned one
 * runs it.
 */
function npmEnvironment() {
  const own = Object.entries(process.env).filter(
    ([name]) =>
      !/^npm_(?:config_(?:user_agent|local_prefix)|package_|lifecycle_|node_execpath|execpath|command)/i.test(
        name,
      ),
  );
  const path = `${dirname(pinnedNode())}${delimiter}${process.env.PATH ?? ''}`;
  return { ...Object.fromEntries(own), PATH: path };
}

/** @param {string[]} names */
async function installPackages(names) {
  if (names.length === 0) return;
  const command = `apt-get install -y ${names.join(' ')}`;
  if (!existsSync('/usr/bin/apt-get'))
    throw new Error(`install ${names.join(', ')} with your system's tools`);
  if (process.getuid?.() !== 0) throw new Error(`run: sudo ${command}`);
  const options = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  await exec('apt-get', ['update'], options).catch(() => undefined);
  await quietly(`Installing ${names.join(', ')}`, 'apt-get', ['install', '-y', ...names], options);
}

/**
 * Those of Debian's packages that are not installed; none where the system has no such packages.
 * @param {string[]} names
 */
async function missingPackages(names) {
  if (!existsSync('/usr/bin/dpkg')) return [];
  const missing = [];
  for (const name of names) {
    const said = await exec('dpkg', ['--status', name]).catch(() => undefined);
    if (!said?.stdout.includes('Status: install ok installed')) missing.push(name);
  }
  return missing;
}

async function missingTools() {
  const missing = [];
  for (const [command, name] of BUILD_TOOLS) {
    const found = await exec('which', [command ?? '']).catch(() => undefined);
    if (!found) missing.push(name ?? '');
  }
  return missing;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.exitCode = (await setupTests()).length === 0 ? 0 : 1;
}
