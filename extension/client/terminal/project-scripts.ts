/** Texts of a project's scripts: `package.json` for the package managers of JavaScript, `composer.json` for PHP's. */
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import type { ReadScript } from '../../../core/migrations/command/ended-command.ts';

const MANIFESTS: Record<string, string> = {
  npm: 'package.json',
  pnpm: 'package.json',
  yarn: 'package.json',
  bun: 'package.json',
  composer: 'composer.json',
};

/** Looked for in the folder of the command, then in those above it. */
export const readProjectScript: ReadScript = async (runner, name, folder) => {
  const manifest = MANIFESTS[runner];
  if (manifest === undefined || folder === undefined) return undefined;
  for (let at = folder; ; at = dirname(at)) {
    const scripts = await scriptsIn(join(at, manifest));
    const text = scripts?.[name];
    if (text !== undefined) return Array.isArray(text) ? text.join(' && ') : String(text);
    if (scripts || dirname(at) === at) return undefined;
  }
};

async function scriptsIn(path: string): Promise<Record<string, unknown> | undefined> {
  try {
    const content = await vscode.workspace.fs.readFile(vscode.Uri.file(path));
    const { scripts } = JSON.parse(new TextDecoder().decode(content)) as {
      scripts?: Record<string, unknown>;
    };
    return scripts ?? {};
  } catch {
    return undefined;
  }
}
