/** Who works in a folder, as the pseudonym under which events are recorded. */
import type { Session } from '../../../core/node/engine/session.ts';
import { nodePlatform } from '../../../core/node/platform.ts';
import { pseudonym } from '../../../core/privacy/pseudonym.ts';
import { authorAddress } from './git.ts';

export class Authors {
  readonly #addresses = new Map<string, Promise<string | undefined>>();

  /** Undefined where git names nobody, or may not be asked because the workspace is not trusted. */
  async pseudonymAt(root: string, trusted: boolean, session: Session): Promise<string | undefined> {
    if (!trusted) return undefined;
    const asked = this.#addresses.get(root) ?? authorAddress(root);
    this.#addresses.set(root, asked);
    const address = await asked;
    return address ? pseudonym(nodePlatform, session.folder.identityKey(), address) : undefined;
  }
}
