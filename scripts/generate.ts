/**
 * `npm run generate`: writes what is generated: `contributes` and `activationEvents` of `package.json` from the table in
 * `extension/contributions`, the texts of the extension for translators, and `docs/aibos.manifest.schema.json` from the
 * manifest's schema. With `--check` it writes nothing and fails where they differ.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { Manifest } from '../core/governance/manifest.ts';
import { ACTIVATION_EVENTS } from '../extension/contributions/activation.ts';
import { contributes } from '../extension/contributions/manifest.ts';
import { manifestBundle, textBundle } from './generate-l10n.ts';

const MANIFEST = new URL('../package.json', import.meta.url);
const MANIFEST_TEXTS = new URL('../package.nls.json', import.meta.url);
const CLIENT_TEXTS = new URL('../extension/l10n/bundle.l10n.json', import.meta.url);
const MANIFEST_SCHEMA = new URL('../docs/aibos.manifest.schema.json', import.meta.url);

/** The manifest's text with the generated parts as the table has them. */
export function generated(manifest: string): string {
  const { activationEvents: _, contributes: __, ...rest } = JSON.parse(manifest);
  const entries = Object.entries(rest).flatMap((entry) =>
    entry[0] === 'engines'
      ? [entry, ['activationEvents', ACTIVATION_EVENTS], ['contributes', contributes()]]
      : [entry],
  );
  return `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`;
}

/** The JSON schema by which editors complete and check `aibos.manifest.json`. */
export function manifestSchema(): string {
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'aibos.manifest.json',
    ...Manifest,
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

function textAt(file: URL): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

if (import.meta.main) {
  const files: [URL, string, string][] = [
    [MANIFEST, generated(textAt(MANIFEST)), 'extension/contributions'],
    [MANIFEST_TEXTS, manifestBundle(), 'extension/contributions'],
    [CLIENT_TEXTS, textBundle(), 'extension'],
    [MANIFEST_SCHEMA, manifestSchema(), 'core/governance/manifest.ts'],
  ];
  for (const [file, wanted, source] of files) {
    const name = file.pathname.split('/').at(-1);
    if (textAt(file) === wanted) process.stdout.write(`${name} is up to date.\n`);
    else if (process.argv.includes('--check')) {
      process.stderr.write(`${name} is not what ${source} says; run npm run generate.\n`);
      process.exitCode = 1;
    } else {
      writeFileSync(file, wanted);
      process.stdout.write(`${name} was written anew.\n`);
    }
  }
}
