/** A folder that is not trusted, in a real VS Code: what is shown, what is not done, and that trust needs no reload. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chromium, codeServer, needs } from '../support/requirements.ts';
import { MIGRATION } from './editor-home.ts';
import { openEditor } from './editor-window.ts';

test('a folder that is not trusted', needs(chromium(), codeServer()), async (t) => {
  const { window, page, step, picture } = await openEditor(t, undefined, {
    settings: { 'security.workspace.trust.enabled': true, 'security.workspace.trust.startupPrompt': 'never' },
  });

  await step('predictions are there; nothing is run, imported, or offered to be', async () => {
    await window.openFile(MIGRATION);
    await page.locator('.codelens-decoration a', { hasText: 'what happened?' }).first().waitFor();
    assert.equal(await page.locator('.codelens-decoration a', { hasText: /run$/ }).count(), 0);
    const offered = await window.offered('AI-BOS: ');
    assert.ok(!offered.includes('AI-BOS: Import This Workspace'), offered.join());
    await window.openViews();
    await page.getByText('This folder is not trusted').waitFor();
    await picture('restricted');
  });

  await step('trusted, everything is there without a reload', async () => {
    await window.command('Workspaces: Manage Workspace Trust');
    await page.locator('.workspace-trust-editor .monaco-button', { hasText: /^Trust$/ }).click();
    await window.openFile(MIGRATION);
    await page.locator('.codelens-decoration a', { hasText: /run$/ }).first().waitFor();
    const offered = await window.offered('AI-BOS: ');
    assert.ok(offered.includes('AI-BOS: Import This Workspace'), offered.join());
  });
});
