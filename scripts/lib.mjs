/**
 * What the set-up scripts share. Plain JavaScript that Node 20 runs without a single package: these scripts run before
 * anything is installed.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** @param {...string} parts */
export function inRoot(...parts) {
  return join(ROOT, ...parts);
}

/** The pinned Node, once it is installed. */
export function pinnedNode() {
  const path = inRoot('node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  return existsSync(path) ? path : process.execPath;
}

/** @param {string | Buffer} content */
export function digest(content) {
  return createHash('sha256').update(content).digest('hex');
}

/**
 * The text of a file; empty where there is none.
 * @param {string} path
 */
export function textOf(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

/**
 * Runs a command with the terminal of this process; resolves with its exit code. Ctrl-C reaches the command itself,
 * and this process waits for it to end.
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 * @returns {Promise<number>}
 */
export function run(command, args, options = {}) {
  const keepWaiting = () => undefined;
  process.on('SIGINT', keepWaiting);
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', cwd: ROOT, ...options });
    const forward = () => child.kill('SIGTERM');
    process.on('SIGTERM', forward);
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      process.off('SIGINT', keepWaiting);
      process.off('SIGTERM', forward);
      resolve(code ?? (signal ? 1 : 0));
    });
  });
}

/**
 * Runs a command and keeps what it says; shows one line of progress meanwhile. Throws with everything it said where it
 * fails.
 * @param {string} title
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 * @returns {Promise<string>}
 */
export async function quietly(title, command, args, options = {}) {
  const started = Date.now();
  const seconds = () => Math.round((Date.now() - started) / 1000);
  const live = process.stderr.isTTY === true;
  if (!live) process.stderr.write(`${title}…\n`);
  const timer = setInterval(() => live && process.stderr.write(`\r\x1b[2K${title}… ${seconds()} s`), 500);
  try {
    const output = await collect(command, args, options);
    if (live) process.stderr.write(`\r\x1b[2K${title}: done in ${seconds()} s\n`);
    return output;
  } catch (error) {
    if (live) process.stderr.write(`\r\x1b[2K${title}: failed after ${seconds()} s\n`);
    throw error;
  } finally {
    clearInterval(timer);
  }
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 * @returns {Promise<string>}
 */
function collect(command, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'], ...options });
    let output = '';
    child.stdout?.on('data', (chunk) => {
      output += chunk;
    });
    child.stderr?.on('data', (chunk) => {
      output += chunk;
    });
    child.on('error', reject);
    child.on('exit', (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`${command} ${args.join(' ')} ended with code ${code}:\n${output.trim()}`));
    });
  });
}
