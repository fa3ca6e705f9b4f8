/** The folders that are open in the editor, and where a file stands in them. */
import { realpathSync } from 'node:fs';
import { isAbsolute, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { workspaceOf } from '../../core/node/import/import-repository.ts';

export interface WorkspacePlace {
  /** The workspace folder, as the import would find it: with links resolved. */
  root: string;
  /** Id of the workspace in events. */
  workspace: string;
  /** Path of the file below the folder, with `/`. */
  path: string;
  /** Absolute path of the file. */
  file: string;
}

/** An open folder, and the id under which its events are recorded. */
export interface OpenFolder {
  root: string;
  workspace: string;
  /** As the editor names it, links not resolved. */
  path: string;
}

export class WorkspaceFolders {
  #folders: OpenFolder[] = [];

  /** Sets the folders by their URIs; those that are no folders of this machine are left out. */
  set(uris: readonly string[]): void {
    this.#folders = uris.flatMap((uri) => {
      const path = pathOf(uri);
      const root = path === undefined ? undefined : realPath(path);
      return path === undefined || root === undefined ? [] : { path, root, workspace: workspaceOf(root) };
    });
  }

  get all(): OpenFolder[] {
    return [...this.#folders];
  }

  /** Undefined for a file outside every folder; of nested folders the inner one counts. */
  placeOf(uri: string): WorkspacePlace | undefined {
    const file = pathOf(uri);
    if (file === undefined) return undefined;
    const holding = this.#folders
      .filter(({ path }) => isBelow(path, file))
      .sort((a, b) => b.path.length - a.path.length)[0];
    if (!holding) return undefined;
    const { root, workspace } = holding;
    return { root, workspace, path: relative(holding.path, file).split(sep).join('/'), file };
  }

  /** The open folder that is, or holds, a path of this machine; the first one where no path is given. */
  folderOf(path: string | undefined): OpenFolder | undefined {
    if (path === undefined) return this.all[0];
    return this.#folders
      .filter(
        (folder) =>
          folder.path === path ||
          folder.root === path ||
          isBelow(folder.path, path) ||
          isBelow(folder.root, path),
      )
      .sort((a, b) => b.path.length - a.path.length)[0];
  }
}

function isBelow(folder: string, file: string): boolean {
  const path = relative(folder, file);
  return path !== '' && path !== '..' && !path.startsWith(`..${sep}`) && !isAbsolute(path);
}

function pathOf(uri: string): string | undefined {
  return uri.startsWith('file:') ? fileURLToPath(uri) : undefined;
}

function realPath(folder: string): string | undefined {
  try {
    return realpathSync(folder);
  } catch {
    return undefined;
  }
}
