/** `aibos stats export`: statistics of every table, without any row data, for `--stats FILE` elsewhere. */
import { writeFileSync } from 'node:fs';
import { TelemetryError } from '../../../contract/errors.ts';
import { plural } from '../../../report/format.ts';
import { DATABASE_VARIABLE } from '../../data-folder.ts';
import { withDatabase } from '../../database/with-database.ts';
import type { GlobalOptions } from '../context.ts';
import { EXIT, print } from '../output.ts';

export interface StatsOptions extends GlobalOptions {
  url?: string;
  /** File to write; standard output where absent or `-`. */
  output?: string;
}

export async function statsExportCommand(options: StatsOptions): Promise<number> {
  const url = options.url ?? process.env[DATABASE_VARIABLE];
  return withDatabase(url, {}, async ({ connector }) => {
    const statistics = await connector.statistics();
    const text = JSON.stringify(statistics);
    const { output } = options;
    if (output === undefined || output === '-') {
      print(text);
    } else {
      write(output, `${text}\n`);
      process.stderr.write(
        `aibos: statistics of ${plural(statistics.tables.length, 'table')} written to ${output}\n`,
      );
    }
    return EXIT.done;
  });
}

function write(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new TelemetryError('invalid-request', `${path} cannot be written: ${said}`, { cause });
  }
}
