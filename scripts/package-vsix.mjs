/** `npm run package:vsix`: makes the extension's package in `release/`, where it is missing or older than its parts. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { digest, inRoot, pinnedNode, quietly, textOf } from './lib.mjs';
import { build } from './setup.mjs';

const FOLDER = inRoot('release');
const STAMP = join(FOLDER, '.vsix-stamp');
/** Besides the bundles, whose own stamp stands for them and for the manifest. */
const PARTS = ['dist/.stamp', '.vscodeignore', 'extension/README.md', 'CHANGELOG.md', 'LICENSE'];

/** Path of the package, which is built first where that is needed. */
export async function packageVsix() {
  await build();
  const { name, version } = JSON.parse(textOf(inRoot('package.json')));
  const path = join(FOLDER, `${name}-${version}.vsix`);
  const wanted = digest(PARTS.map((part) => textOf(inRoot(part))).join('\n'));
  if (textOf(STAMP) === wanted && readdirSync(FOLDER).includes(`${name}-${version}.vsix`)) return path;
  mkdirSync(FOLDER, { recursive: true });
  rmSync(STAMP, { force: true });
  const readme = join('extension', 'README.md');
  const options = ['--no-dependencies', '--allow-missing-repository', '--readme-path', readme, '--out', path];
  const vsce = inRoot('node_modules', '@vscode', 'vsce', 'vsce');
  await quietly('Packaging the extension', pinnedNode(), [vsce, 'package', ...options]);
  writeFileSync(STAMP, wanted);
  return path;
}

if (import.meta.main ?? process.argv[1]?.endsWith('package-vsix.mjs')) {
  process.stdout.write(`${await packageVsix()}\n`);
}
