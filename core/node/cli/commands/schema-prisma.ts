/** `aibos schema prisma PATH`: what `schema.prisma` says that its migrations have not made, or have made otherwise. */
import { plural } from '../../../report/format.ts';
import { comparePrismaBelow, type PrismaComparison } from '../../schema/prisma.ts';
import { EXIT, type OutputFormat, print, printJson, terminalStyle } from '../output.ts';

/** @returns 1 where anything differs */
export async function schemaPrismaCommand(path: string, options: { format: OutputFormat }): Promise<number> {
  const comparisons = await comparePrismaBelow(path);
  if (options.format === 'json') printJson({ version: 1, comparisons });
  else for (const comparison of comparisons) print(lines(comparison).join('\n'));
  return comparisons.some(({ differences }) => differences.length > 0) ? EXIT.found : EXIT.done;
}

function lines({ history, files, schema, differences, notUnderstood }: PrismaComparison): string[] {
  const style = terminalStyle();
  const unsure =
    notUnderstood === 0
      ? []
      : [
          style.dim(
            `  ${plural(notUnderstood, 'statement')} not understood; tables named there were left out.`,
          ),
        ];
  return [
    style.bold(`${files.join(', ')} and ${history}`),
    ...differences.map(({ path, line, message, rule }) => `  ${path}:${line}  ${message} ${style.dim(rule)}`),
    ...unsure,
    `  ${plural(schema.tables.length, 'table')}, ${plural(differences.length, 'difference')}.`,
  ];
}
