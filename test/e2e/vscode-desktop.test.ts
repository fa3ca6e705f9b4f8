/** The extension in a desktop VS Code: that it starts, records and shows the dashboard there too. */
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { resolveCliArgsFromVSCodeExecutablePath } from '@vscode/test-electron';
import { _electron as playwright } from 'playwright-core';
import { hasDisplay } from '../../core/node/cli/dashboard.ts';
import { desktopVsCode, needs, type Requirement } from '../support/requirements.ts';
import { cleanup } from '../support/temp.ts';
import { editorHome, MIGRATION, packagedExtension } from './editor-home.ts';
import { Workbench } from './workbench.ts';

const run = promisify(execFile);
const display: Requirement<true> = hasDisplay() ? { found: true } : { missing: 'no display; use xvfb-run' };

test('the extension in a desktop VS Code', needs(desktopVsCode(), display), async (t) => {
  const { found: executablePath = '' } = desktopVsCode();
  const { project, folders, env } = editorHome(t);
  const root = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const [cli = '', ...rest] = resolveCliArgsFromVSCodeExecutablePath(executablePath, {
    reuseMachineInstall: true,
  });
  const install = [...rest, ...root, ...folders, '--install-extension', await packagedExtension()];
  await run(cli, install, { env, shell: process.platform === 'win32' });
  const args = [...root, ...folders, '--skip-welcome', '--skip-release-notes', project];
  const app = await playwright.launch({ executablePath, args, env });
  cleanup(t, () => app.close());
  const window = await Workbench.in(await app.firstWindow());

  await window.status('AI-BOS: not recording');
  await window.answer('Record');
  await window.status('AI-BOS: recording');
  await window.openFile(MIGRATION);
  await window.append('ALTER TABLE orders ADD COLUMN note text;\n');
  await window.status('AI-BOS: 1 today');
  await window.command('AI-BOS: Open Dashboard');
  await window.followLink('Events');
  await window.dashboard.getByText('public.orders').first().waitFor();
});
