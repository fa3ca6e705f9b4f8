/**
 * `npm run generate`: writes what is generated, today `contributes` and `activationEvents` of `package.json`, from the
 * table in `extension/contributions.ts`. With `--check` it writes nothing and fails where they differ.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { ACTIVATION_EVENTS, contributes } from '../extension/contributions.ts';

const MANIFEST = new URL('../package.json', import.meta.url);

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

if (import.meta.main) {
  const now = readFileSync(MANIFEST, 'utf8');
  const wanted = generated(now);
  if (now === wanted) process.stdout.write('package.json is up to date.\n');
  else if (process.argv.includes('--check')) {
    process.stderr.write('package.json is not what extension/contributions.ts says; run npm run generate.\n');
    process.exitCode = 1;
  } else {
    writeFileSync(MANIFEST, wanted);
    process.stdout.write('package.json was written anew.\n');
  }
}
