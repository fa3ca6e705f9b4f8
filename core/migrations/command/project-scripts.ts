/** Texts of a project's scripts: `package.json` for the package managers of JavaScript, `composer.json` for PHP's. */
import type { ReadScript } from './ended-command.ts';

const MANIFESTS: Record<string, string> = {
  npm: 'package.json',
  pnpm: 'package.json',
  yarn: 'package.json',
  bun: 'package.json',
  composer: 'composer.json',
};

/**
 * Looks in the folder of the command, then in those above it.
 *
 * @param readText a file by its path; undefined where there is none
 */
export function projectScripts(readText: (path: string) => Promise<string | undefined>): ReadScript {
  return async (runner, name, folder) => {
    const manifest = MANIFESTS[runner];
    if (manifest === undefined) return undefined;
    for (let at = folder; at !== undefined; at = above(at)) {
      const scripts = scriptsIn(await readText(`${at}/${manifest}`));
      const text = scripts?.[name];
      if (text !== undefined) return Array.isArray(text) ? text.join(' && ') : String(text);
      if (scripts) return undefined;
    }
    return undefined;
  };
}

function above(folder: string): string | undefined {
  const end = Math.max(folder.lastIndexOf('/'), folder.lastIndexOf('\\'));
  return end <= 0 ? undefined : folder.slice(0, end);
}

/** A manifest that is no JSON has no scripts. */
function scriptsIn(text: string | undefined): Record<string, unknown> | undefined {
  if (text === undefined) return undefined;
  try {
    return (JSON.parse(text) as { scripts?: Record<string, unknown> }).scripts ?? {};
  } catch {
    return undefined;
  }
}
