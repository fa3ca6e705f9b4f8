/**
 * Brings a checkout to where it runs: installs packages when `package-lock.json` changed, builds bundles when a source
 * changed. Each does nothing when nothing changed.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { digest, inRoot, pinnedNode, quietly, textOf } from './lib.mjs';

const INSTALL_STAMP = inRoot('node_modules', '.aibos-installed');
const NPM = process.platform === 'win32' ? 'npm.cmd' : 'npm';

/** Electron’s binary is fetched by `npm run desktop:install` only; the editor and the browser do without it. */
const INSTALL_ENVIRONMENT = {
  ...process.env,
  ELECTRON_SKIP_BINARY_DOWNLOAD: '1',
  npm_config_loglevel: 'error',
};

export async function install() {
  const wanted = digest(textOf(inRoot('package-lock.json')) + textOf(inRoot('package.json')));
  if (textOf(INSTALL_STAMP) === wanted) return;
  await quietly('Installing packages (once, about a minute)', NPM, ['ci', '--no-audit', '--no-fund'], {
    env: INSTALL_ENVIRONMENT,
    shell: process.platform === 'win32',
  });
  mkdirSync(inRoot('node_modules'), { recursive: true });
  writeFileSync(INSTALL_STAMP, wanted);
}

export async function build() {
  const { isStale } = await import('./stamp.mjs');
  if (!isStale()) return;
  await quietly('Building', pinnedNode(), [inRoot('scripts', 'build.mjs')]);
}

/** Everything that running the product needs. */
export async function setup() {
  await install();
  await build();
}
