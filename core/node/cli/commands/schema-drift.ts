/** `aibos schema drift`: a live database against what its migrations give, recorded. */
import { environmentOf } from '../../../database/environment.ts';
import type { Difference, RenameHint } from '../../../schema/difference.ts';
import { transitionScript } from '../../../schema/transition/transition.ts';
import { DATABASE_VARIABLE } from '../../data-folder.ts';
import { readAddress } from '../../database/address.ts';
import { manifestEnvironments } from '../../database/manifest-environments.ts';
import { addressGiven } from '../../database/with-database.ts';
import { withClient } from '../context.ts';
import { EXIT, print, printJson, terminalStyle } from '../output.ts';
import { comparedLines, type SchemaOptions, whichHistory } from './schema.ts';

export interface DriftOptions extends SchemaOptions {
  url?: string;
  sql?: boolean;
}

/** @returns 1 where anything differs */
export async function schemaDriftCommand(options: DriftOptions): Promise<number> {
  const given = addressGiven(options.url ?? process.env[DATABASE_VARIABLE]);
  const address = readAddress(given);
  const { environment } = environmentOf(address, manifestEnvironments(process.cwd()));
  // The engine may run in another folder.
  const url = address.path === undefined ? given : `sqlite:${encodeURI(address.path)}`;
  return withClient(options, async (client) => {
    const which = await whichHistory(client, options);
    const sql = options.sql === true;
    const found = await client.call('schema.drift', { ...which, url, environment, sql });
    const { result, message } = found;
    if (options.format === 'json') printJson(found);
    else if (sql && found.sql) print(transitionScript(found.sql));
    else {
      const style = terminalStyle();
      const paint = { pass: style.good, warn: style.warn, fail: style.bad }[result];
      print(`${paint(message)}.`);
      const { differences, renames } = found as unknown as {
        differences: Difference[];
        renames: RenameHint[];
      };
      if (result !== 'pass') for (const line of comparedLines(differences, renames)) print(line);
    }
    return result === 'pass' ? EXIT.done : EXIT.found;
  });
}
