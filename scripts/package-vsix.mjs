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
  const readme = join('release', 'README.md');
  writeFileSync(inRoot(readme), withoutPictures(textOf(inRoot('extension', 'README.md'))));
  const ignore = inRoot('.cache', 'vscodeignore');
  writeFileSync(
    ignore,
    `${textOf(inRoot('.vscodeignore'))}\n${reachedChunks()
      .map((name) => `!dist/${name}`)
      .join('\n')}\n`,
  );
  const options = ['--no-dependencies', '--allow-missing-repository', '--readme-path', readme, '--out', path];
  options.push('--ignoreFile', ignore);
  const vsce = inRoot('node_modules', '@vscode', 'vsce', 'vsce');
  await quietly('Packaging the extension', pinnedNode(), [vsce, 'package', ...options]);
  writeFileSync(STAMP, wanted);
  return path;
}

/**
 * A package shows pictures from the web only, and where this repository will be is not known here: they are for whoever reads
 * the file in it.
 * @param {string} markdown
 */
function withoutPictures(markdown) {
  return markdown.replace(/^!\[[^\]]*\]\([^)]*\)\n\n/gm, '');
}

/** Names of the chunks that the language server and the threads it starts load; others are the command line's or the desktop's. */
function reachedChunks() {
  const bundles = readdirSync(inRoot('dist')).filter((name) => name.endsWith('.mjs'));
  const found = new Set(bundles.filter((name) => /^language-server\.|-worker\.mjs$/.test(name)));
  for (const name of found)
    for (const [, chunk = ''] of textOf(inRoot('dist', name)).matchAll(/"\.\/(chunk-\w+\.mjs)"/g))
      found.add(chunk);
  return [...found].filter((name) => name.startsWith('chunk-')).sort();
}

if (import.meta.main ?? process.argv[1]?.endsWith('package-vsix.mjs')) {
  process.stdout.write(`${await packageVsix()}\n`);
}
