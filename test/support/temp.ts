/** Temporary folders that go with their test. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataFolder } from '../../core/node/data-folder.ts';

export interface TestScope {
  after(work: () => void | Promise<void>): void;
}

export function temporaryFolder(scope: TestScope, name = 'aibos-test-'): string {
  const path = mkdtempSync(join(tmpdir(), name));
  scope.after(() => rmSync(path, { recursive: true, force: true, maxRetries: 5 }));
  return path;
}

export function temporaryDataFolder(scope: TestScope): DataFolder {
  return new DataFolder(join(temporaryFolder(scope), 'data'));
}
