/** `aibos inspect`: what is in a database: its tables, how large they are, which columns could hold duplicates. */
import { count, percent, plural } from '../../../report/format.ts';
import type { Style } from '../../../report/summary-text.ts';
import { nameOf, type SchemaSnapshot } from '../../../schema/snapshot.ts';
import { duplicates, type StatisticsFile } from '../../../statistics/statistics.ts';
import { DATABASE_VARIABLE } from '../../data-folder.ts';
import { manifestEnvironments } from '../../database/manifest-environments.ts';
import { withDatabase } from '../../database/with-database.ts';
import { badgeText } from '../confirm.ts';
import type { GlobalOptions } from '../context.ts';
import { EXIT, print, printJson, terminalStyle } from '../output.ts';

export interface InspectOptions extends GlobalOptions {
  url?: string;
}

export async function inspectCommand(options: InspectOptions): Promise<number> {
  const url = options.url ?? process.env[DATABASE_VARIABLE];
  const patterns = manifestEnvironments(process.cwd());
  return withDatabase(url, { patterns }, async ({ connector, address, badge }) => {
    const facts = await connector.facts();
    const snapshot = await connector.snapshot();
    const statistics = await connector.statistics();
    if (options.format === 'json') {
      printJson({ ...facts, ...badge, dialect: address.dialect, snapshot, statistics });
      return EXIT.done;
    }
    const style = terminalStyle();
    print(badgeText(badge, address, style));
    print(
      `${facts.product} ${facts.version}, ${size(facts.bytes)}, ${plural(statistics.tables.length, 'table')}`,
    );
    for (const line of tableLines(snapshot, statistics, style)) print(line);
    return EXIT.done;
  });
}

function tableLines(snapshot: SchemaSnapshot, { tables }: StatisticsFile, style: Style): string[] {
  const types = new Map(
    snapshot.relations.flatMap((relation) =>
      relation.columns.map((column) => [`${nameOf(relation)}\n${column.name}`, column.type] as const),
    ),
  );
  return tables.flatMap(({ relation, rows, bytes, indexBytes, columns }) => [
    '',
    `${style.bold(relation)}  ${plural(rows, 'row')}, ${size(bytes)}, indexes ${size(indexBytes)}`,
    ...columns.map((column) => {
      const nulls = column.nullFraction === null ? 'NULLs not known' : `${percent(column.nullFraction)} NULL`;
      const repeated = duplicates(column, rows);
      const words = { yes: 'has duplicates', possible: 'may have duplicates', no: 'no duplicates' }[repeated];
      const type = types.get(`${relation}\n${column.name}`) ?? '';
      return `  ${column.name.padEnd(28)} ${style.dim(type.padEnd(26))} ${nulls.padEnd(16)} ${words}`;
    }),
  ]);
}

function size(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1_024 && unit < units.length - 1) {
    value /= 1_024;
    unit++;
  }
  return `${count(Number(value.toFixed(value < 10 && unit > 0 ? 1 : 0)))} ${units[unit]}`;
}
