/** The history that a migration stands in, as its files and the open editors have it. */
import { join, posix } from 'node:path';
import { discover, isLeftOut, isWayBack } from '../../core/migrations/discover.ts';
import type { ShadowHistory } from '../../core/node/shadow/service.ts';
import type { MigrationSource } from '../../core/shadow/history-state.ts';
import { FileTexts } from './file-texts.ts';
import { filesAround } from './recording/migration-file.ts';
import type { WorkspacePlace } from './workspace.ts';

export interface InHistory {
  /** The migrations before it. */
  history: ShadowHistory;
  /** The migration itself, as it is typed. */
  migration: MigrationSource;
}

export class HistoryReader {
  readonly #files = new FileTexts();

  /**
   * Undefined where the file belongs to no history.
   *
   * @param textOf what an open editor holds of an absolute path; undefined where none has it open
   */
  async historyOf(
    { root, path }: WorkspacePlace,
    text: string,
    textOf: (file: string) => string | undefined,
  ): Promise<InHistory | undefined> {
    if (!/\.sql$/i.test(path) || isWayBack(path) || isLeftOut(posix.dirname(path))) return undefined;
    const read = (other: string) => {
      if (other === path) return text;
      const file = join(root, other);
      return textOf(file) ?? this.#files.of(file);
    };
    const { histories } = discover(await filesAround(root, path), read);
    for (const { folder, dialect, format, migrations } of histories) {
      const at = migrations.findIndex((migration) => migration.path === path);
      const found = migrations[at];
      if (!found) continue;
      const before = migrations
        .slice(0, at)
        .map(({ name, path: file }) => ({ name, text: read(file) ?? '' }));
      const history = { id: join(root, folder), dialect, format, migrations: before };
      return { history, migration: { name: found.name, text } };
    }
    return undefined;
  }
}
