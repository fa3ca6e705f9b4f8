/** `aibos audit list` and `aibos audit verify`: who changed what, and whether anybody touched the record of it. */
import { ERASED_ENTRY } from '../../../audit/audit-trail.ts';
import type { AuditEntry } from '../../../contract/governance.ts';
import type { Style } from '../../../report/summary-text.ts';
import { type GlobalOptions, withClient } from '../context.ts';
import { EXIT, print, printJson, terminalStyle } from '../output.ts';

/** Ends with 1 where the trail is broken, or where a kept hash is not in it. */
export async function auditVerifyCommand(options: GlobalOptions & { head?: string }): Promise<number> {
  const { head } = options;
  const verdict = await withClient(options, (client) => client.call('audit.verify', head ? { head } : {}));
  if (options.format === 'json') {
    printJson(verdict);
  } else {
    const style = terminalStyle();
    print(verdict.intact ? style.good(verdict.message) : style.bad(verdict.message));
    if (verdict.head) print(`${style.dim('Newest hash, to keep elsewhere:')} ${verdict.head}`);
  }
  return verdict.intact ? EXIT.done : EXIT.found;
}

export async function auditListCommand(
  options: GlobalOptions & { limit?: number; method?: string; user?: string },
): Promise<number> {
  const { limit, method, user } = options;
  const { items } = await withClient(options, (client) =>
    client.call('audit.list', {
      ...(limit ? { limit } : {}),
      ...(method ? { method } : {}),
      ...(user ? { user } : {}),
    }),
  );
  const style = terminalStyle();
  if (options.format === 'json') printJson(items);
  else if (items.length === 0) print('Nothing was changed yet.');
  else for (const item of items) print(entryText(item, style));
  return EXIT.done;
}

function entryText({ at, method, role, via, user, result, detail }: AuditEntry, style: Style): string {
  if (method === ERASED_ENTRY) return `${at}  ${style.dim('erased for privacy')}`;
  const how = result === 'done' ? result : style.warn(result);
  const by = `${user ?? '-'} as ${role} by ${via}`;
  return `${at}  ${style.bold(method)}  ${how}  ${by}${detail ? style.dim(`  ${detail}`) : ''}`;
}
