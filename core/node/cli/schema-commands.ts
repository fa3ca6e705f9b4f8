/** Declares `aibos schema …` and `aibos governance …`; what they do is loaded when they are called. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { GlobalOptions } from './context.ts';

/** Merges an action’s options with those before the command, and keeps its exit code. */
export type Run = <T extends object>(
  work: (options: T & GlobalOptions) => Promise<number>,
) => (own: T) => Promise<void>;

/** @param run merges an action's options with those before the command and keeps its exit code */
export function declareSchema(schema: Command, run: Run): void {
  which(shared(schema.command('log').description('list the versions of a schema, newest first')))
    .option('--table <name>', 'only versions that changed this table')
    .addOption(new Option('--limit <number>', 'at most so many; 50 if not given').argParser(positive))
    .action(
      run(async (options) => (await import('./commands/schema.ts')).schemaLogCommand(options as never)),
    );

  which(shared(schema.command('show').description('show the schema as it was')))
    .argument('[version]', 'a version, a migration’s name or a date; the newest if not given')
    .option('--at <moment>', 'the same, for a date: as it stood at the end of that day')
    .option('--table <name>', 'only this table')
    .action((version: string | undefined, own: object) =>
      run(async (options) =>
        (await import('./commands/schema.ts')).schemaShowCommand(version, options as never),
      )(own),
    );

  which(
    shared(schema.command('diff').description('compare two versions, two git branches, or with a database')),
  )
    .argument('[range]', 'A..B: versions, migrations, dates or git revisions')
    .option('--url <url>', 'compare with this database; reads only')
    .option('--sql', 'print the SQL that goes from the first to the second (PostgreSQL)')
    .addHelpText('after', '\nEnds with 1 where anything differs.')
    .action((range: string | undefined, own: object) =>
      run(async (options) =>
        (await import('./commands/schema.ts')).schemaDiffCommand(range, options as never),
      )(own),
    );

  which(
    shared(
      schema
        .command('drift')
        .description('compare a live database with what its migrations give, record it, and raise an alert'),
    ),
  )
    .option('--url <url>', 'the database; reads only, and its address is not kept')
    .option('--sql', 'print the SQL that the migrations lack (PostgreSQL)')
    .addHelpText('after', '\nEnds with 1 where anything differs.')
    .action(
      run(async (options) =>
        (await import('./commands/schema-drift.ts')).schemaDriftCommand(options as never),
      ),
    );

  shared(
    schema.command('prisma').description('compare the models of schema.prisma with what its migrations make'),
  )
    .argument('[path]', 'a folder that holds both; . if not given')
    .addHelpText('after', '\nEnds with 1 where anything differs, 2 where schema.prisma cannot be read.')
    .action((path: string | undefined, own: object) =>
      run(async ({ format }) =>
        (await import('./commands/schema-prisma.ts')).schemaPrismaCommand(path ?? '.', { format }),
      )(own),
    );
}

function shared(command: Command): Command {
  return command
    .addOption(new Option('--format <format>').choices(['text', 'json']).hideHelp())
    .addOption(new Option('--data-dir <folder>').hideHelp());
}

function which(command: Command): Command {
  return command
    .option('--path <folder>', 'the repository', '.')
    .option('--workspace <name>', 'another imported repository, by its name')
    .option('--history <folder>', 'folder of the migrations, where there are several');
}

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError('It must be a whole number from 1.');
  return value;
}

/** @param run as for {@link declareSchema} */
export function declareGovernance(governance: Command, run: Run): void {
  shared(governance.command('check').description('judge migrations by aibos.manifest.json'))
    .argument('<path...>', 'files or folders')
    .option('--manifest <file>', 'instead of the nearest aibos.manifest.json')
    .option('--history <folder>', 'migrations that are already applied')
    .addOption(
      new Option('--dialect <dialect>', 'instead of guessing it').choices(['postgres', 'mysql', 'sqlite']),
    )
    .option('--at <time>', 'when they are to be run, for freeze windows and approvals; now if not given')
    .option('--no-record', 'record nothing')
    .addHelpText('after', '\nEnds with 1 where a file fails, 2 where the manifest cannot be used.')
    .action((paths: string[], own: object) =>
      run(async (options) =>
        (await import('./commands/governance.ts')).governanceCheckCommand(paths, options as never),
      )(own),
    );
}
