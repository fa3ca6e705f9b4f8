/** Temporary folders, and the order in which a test cleans up: what was made last goes first. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataFolder } from '../../core/node/data-folder.ts';

export interface TestScope {
  after(work: () => void | Promise<void>): void;
}

type Work = () => void | Promise<void>;

const stacks = new WeakMap<TestScope, Work[]>();

/** Runs `work` when the test ends, before everything that was handed here earlier. */
export function cleanup(scope: TestScope, work: Work): void {
  let stack = stacks.get(scope);
  if (!stack) {
    const made: Work[] = [];
    stacks.set(scope, made);
    scope.after(async () => {
      for (let next = made.pop(); next; next = made.pop()) await next();
    });
    stack = made;
  }
  stack.push(work);
}

export function temporaryFolder(scope: TestScope, name = 'aibos-test-'): string {
  const path = mkdtempSync(join(tmpdir(), name));
  cleanup(scope, () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }));
  return path;
}

export function temporaryDataFolder(scope: TestScope): DataFolder {
  return new DataFolder(join(temporaryFolder(scope), 'data'));
}
