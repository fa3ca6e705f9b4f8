/** `aibos keys`: keys to the API for programs and colleagues. */
import type { Role } from '../../../contract/methods.ts';
import { type GlobalOptions, withClient } from '../context.ts';
import { EXIT, print, printJson, terminalStyle } from '../output.ts';

export async function keysListCommand(options: GlobalOptions): Promise<number> {
  const { items } = await withClient(options, (client) => client.call('keys.list', {}));
  const style = terminalStyle();
  if (options.format === 'json') printJson(items);
  else if (items.length === 0) print('There are no keys. “aibos keys create NAME --role viewer” makes one.');
  else
    for (const { id, name, role, expiresAt, lastUsedAt } of items) {
      const ended = expiresAt !== undefined && Date.parse(expiresAt) <= Date.now();
      const end = expiresAt === undefined ? 'no end' : `${ended ? 'ended' : 'ends'} ${expiresAt}`;
      print(
        `${style.bold(id)}  ${name}  ${role}  ${ended ? style.warn(end) : end}  ` +
          style.dim(lastUsedAt ? `last used ${lastUsedAt}` : 'never used'),
      );
    }
  return EXIT.done;
}

export async function keysCreateCommand(
  name: string,
  options: GlobalOptions & { role: Role; expires?: string },
): Promise<number> {
  const { role, expires } = options;
  const made = await withClient(options, (client) =>
    client.call('keys.create', { name, role, ...(expires ? { expiresAt: expires } : {}) }),
  );
  if (options.format === 'json') {
    printJson(made);
  } else {
    print(made.secret);
    process.stderr.write(`aibos: key ${made.key.id} (${role}). It is not shown again.\n`);
  }
  return EXIT.done;
}

/** Ends with 1 where there is no such key. */
export async function keysRevokeCommand(id: string, options: GlobalOptions): Promise<number> {
  const { revoked } = await withClient(options, (client) => client.call('keys.revoke', { id }));
  if (options.format === 'json') printJson({ revoked });
  else print(revoked ? `Key ${id} is revoked.` : `There is no key ${id}.`);
  return revoked ? EXIT.done : EXIT.found;
}
