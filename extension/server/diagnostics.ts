/** The squiggles of a file, put together from everyone who has something to say of it: the editor keeps one list. */
import type { Connection, Diagnostic } from 'vscode-languageserver/node';

export class Diagnostics {
  readonly #connection: Connection;
  readonly #byFile = new Map<string, Map<string, Diagnostic[]>>();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Replaces what one owner says of a file. */
  set(uri: string, owner: string, diagnostics: Diagnostic[]): void {
    const owners = this.#byFile.get(uri) ?? new Map<string, Diagnostic[]>();
    const had = owners.get(owner)?.length ?? 0;
    if (had === 0 && diagnostics.length === 0) return;
    if (diagnostics.length === 0) owners.delete(owner);
    else owners.set(owner, diagnostics);
    if (owners.size === 0) this.#byFile.delete(uri);
    else this.#byFile.set(uri, owners);
    void this.#connection.sendDiagnostics({ uri, diagnostics: [...owners.values()].flat() });
  }

  /** Takes back what one owner said of any file. */
  clear(owner: string): void {
    for (const uri of [...this.#byFile.keys()]) this.set(uri, owner, []);
  }
}
