/** What the tests in a real VS Code share: a window with the project in it, steps that keep a picture when they fail. */
import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import type { TelemetryClient } from '../../core/contract/client.ts';
import { DataFolder } from '../../core/node/data-folder.ts';
import { Session } from '../../core/node/engine/session.ts';
import { openPage } from '../support/browser.ts';
import { type CodeServer, startCodeServer } from './code-server.ts';
import { Workbench } from './workbench.ts';

export interface EditorWindow {
  window: Workbench;
  page: Page;
  /** The folder that is open. */
  project: string;
  /** Holds the project and the editor's own data, its logs too. */
  home: string;
  /** A part of the test. Where it fails, what was on the screen is kept, and what the server said is shown. */
  step(name: string, work: (context: TestContext) => Promise<void>): Promise<void>;
  /** Asks the engine that the editor hosts, as another process on this machine. */
  ask<T>(work: (client: TelemetryClient) => Promise<T>): Promise<T>;
  /** Keeps a picture of the window where `AIBOS_PICTURES` names a folder. */
  picture(name: string): Promise<void>;
}

export interface EditorOptions {
  /** Of the editor, on top of those that keep it quiet. */
  settings?: Record<string, unknown>;
  /** Address of what is opened; the project where it is missing. */
  opened?: (server: CodeServer) => string;
}

const addressOf = ({ address }: CodeServer) => address;

/** @param prepare what to put into the project before it is opened */
export async function openEditor(
  t: TestContext,
  prepare?: (project: string) => void,
  { settings, opened = addressOf }: EditorOptions = {},
): Promise<EditorWindow> {
  const server = await startCodeServer(t, settings);
  prepare?.(server.project);
  const { page } = await openPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(opened(server));
  const window = await Workbench.in(page);
  return {
    window,
    page,
    project: server.project,
    home: dirname(server.project),
    step: (name, work) =>
      t.test(name, async (context) => {
        try {
          await work(context);
        } catch (error) {
          const path = join(tmpdir(), `aibos-${name.replace(/\W+/g, '-')}.png`);
          await page.screenshot({ path });
          console.error(`${server.said()}\nThe window when it failed: ${path}`);
          throw error;
        }
      }),
    async ask(work) {
      const session = await Session.open(new DataFolder(server.dataFolder));
      try {
        assert.equal(session.isOwner, false, 'the editor hosts the engine');
        return await work(session.client());
      } finally {
        await session.close();
      }
    },
    async picture(name) {
      const folder = process.env.AIBOS_PICTURES;
      if (folder) await page.screenshot({ path: join(folder, `${name}.png`) });
    },
  };
}
