/** Imports a repository for the app, and trains on what came in, as the editor does. */
import type { Session } from '../../core/node/engine/session.ts';
import { importRepository } from '../../core/node/import/import-repository.ts';
import type { Importer } from './engine-host.ts';

/** @param session called once it is open */
export function importerOf(session: () => Session): Importer {
  return async (root, cancelled, onProgress) => {
    const { folder } = session();
    const client = session().client();
    const { histories } = await importRepository({ root, folder, client, cancelled, onProgress });
    const imported = histories.reduce((sum, history) => sum + history.imported, 0);
    if (imported > 0 && !cancelled()) await client.call('models.train', {});
    return {
      histories: histories.length,
      imported,
      failed: histories.reduce((sum, history) => sum + history.failed, 0),
      cancelled: cancelled(),
    };
  };
}
