/** The `aibos` command line. Each command is loaded when it is called, so that `--help` is quick. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { DATA_FOLDER_VARIABLE, DATABASE_VARIABLE } from '../data-folder.ts';
import { VERSION } from '../version.ts';
import type { GlobalOptions } from './context.ts';
import { methodHelp } from './method-help.ts';
import { EXIT, report } from './output.ts';
import { declareAudit, declareErase, declareExport, declareKeys } from './privacy-commands.ts';
import { ruleSetting } from './rule-setting.ts';
import { declareGovernance, declareSchema } from './schema-commands.ts';

const EXIT_HELP = `
Exit codes:
  0  done
  1  done, and something was found: a failing check, nothing to import, a broken part
  2  the command line or its input cannot be used
  3  the engine, the store or a database cannot be reached or written`;

const databaseHelp = `postgres://…, mysql://…, mariadb://… or sqlite:PATH (default: ${DATABASE_VARIABLE})`;

export async function main(argv: string[]): Promise<number> {
  let code: number = EXIT.done;
  const program = new Command('aibos');
  program
    .description(
      'Records database schema changes and their outcomes, learns from them, and predicts the next one.',
    )
    .version(VERSION)
    .option(
      '--data-dir <folder>',
      `where everything is kept (default: ${DATA_FOLDER_VARIABLE}, else the system’s place)`,
    )
    .addOption(
      new Option('--format <format>', 'how to print results').choices(['text', 'json']).default('text'),
    )
    .addHelpText('after', EXIT_HELP)
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'aibos: ')) });

  const command = (spec: string, description: string) => {
    const made = program.command(spec).description(description);
    if (!/^(?:serve|check|detect|report)/.test(spec))
      made.addOption(new Option('--format <format>').choices(['text', 'json']).hideHelp());
    return made.option('--data-dir <folder>', undefined).configureHelp({ visibleOptions: visible });
  };
  /** Options may stand before or behind the command. */
  const merged = <T extends object>(own: T): T & GlobalOptions => {
    const given = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined));
    return { ...program.opts<GlobalOptions>(), ...given } as T & GlobalOptions;
  };

  command('start [path]', 'import a repository, train, print a summary, open the dashboard')
    .option('--once', 'end after the summary, open nothing')
    .addOption(portOption())
    .action(async (path: string | undefined, own) => {
      code = await (await import('./commands/start.ts')).startCommand(path ?? '.', merged(own));
    });
  command('serve', 'serve the dashboard and the API on this machine')
    .addOption(new Option('--format <format>').choices(['text', 'json']).hideHelp())
    .option('--open', 'open the dashboard in the browser')
    .addOption(portOption())
    .addHelpText('after', `\n${methodHelp()}`)
    .action(async (own) => {
      code = await (await import('./commands/serve.ts')).serveCommand(merged(own));
    });
  command('check [path...]', 'say what each statement of migrations will do, and what is wrong with it')
    .addOption(
      new Option('--format <format>', 'how to print results').choices([
        'text',
        'json',
        'sarif',
        'github',
        'junit',
      ]),
    )
    .addOption(
      new Option('--dialect <dialect>', 'instead of guessing it').choices(['postgres', 'mysql', 'sqlite']),
    )
    .addOption(
      new Option('--pg-version <number>', 'major version of the PostgreSQL server').argParser(majorVersion),
    )
    .option('--history <folder>', 'migrations that are already applied')
    .option('--stats <file>', 'table statistics, of “aibos stats export” or rows of pg_stats as CSV or JSON')
    .option('--fail-on <what>', 'error, warning, info, never or risk>=0.5: when to end with code 1', 'error')
    .addOption(
      new Option('--rule <rule=severity>', 'off, info, warning or error; may be given again').argParser(
        ruleSetting,
      ),
    )
    .addOption(
      new Option(
        '--transaction <how>',
        'how the files are run, where their tool is not known: each in a transaction, sent at once, or statement by statement',
      ).choices(['file', 'script', 'none']),
    )
    .option('--no-shadow', 'analyse only; do not run the files in an embedded database')
    .option('--no-cache', 'forget what was checked before')
    .option('--rules', 'list the rules')
    .option('--explain <rule>', 'say what a rule is about, with examples')
    .action(async (paths: string[], own) => {
      code = await (await import('./commands/check.ts')).checkCommand(paths, merged(own));
    });
  command('run <file...>', 'run migrations on a database and measure each statement, or a command behind --')
    .usage('[options] <file...>\n       aibos run [--no-record] [--override] -- <command...>')
    .option('--url <url>', databaseHelp)
    .option('--dry-run', 'everything in one transaction that is rolled back')
    .addOption(
      new Option('--lock-timeout <ms>', 'give up waiting for a lock after so many milliseconds').argParser(
        milliseconds,
      ),
    )
    .option('--yes-production <name>', 'for programs: run on the production database of this name')
    .option('--no-record', 'record nothing')
    .option('--override', 'run although an alert holds it up')
    .action(async (files: string[], own) => {
      const behind = argv.indexOf('--');
      code =
        behind === -1
          ? await (await import('./commands/run.ts')).runCommand(files, merged(own))
          : await (await import('./commands/run-command.ts')).runCommandLine(
              argv.slice(behind + 1),
              merged(own),
            );
    });
  command('inspect', 'say what is in a database; reads only')
    .option('--url <url>', databaseHelp)
    .action(async (own) => {
      code = await (await import('./commands/inspect.ts')).inspectCommand(merged(own));
    });
  command('stats', 'table statistics of a database, without any row data')
    .command('export')
    .description('write them as JSON, for “aibos check --stats FILE”')
    .option('--url <url>', databaseHelp)
    .option('-o, --output <file>', 'file to write instead of standard output')
    .action(async (own) => {
      code = await (await import('./commands/stats.ts')).statsExportCommand(merged(own));
    });
  const run =
    <T extends object>(work: (options: T & GlobalOptions) => Promise<number>) =>
    async (own: T) => {
      code = await work(merged(own));
    };
  command('journal', 'look into the journal that everything is kept in')
    .command('inspect')
    .description('say what each segment holds and what is damaged; reads only')
    .option('--frames', 'each frame by itself')
    .addOption(new Option('--format <format>').choices(['text', 'json']).hideHelp())
    .option('--data-dir <folder>', undefined)
    .configureHelp({ visibleOptions: visible })
    .action(async (own) => {
      const { inspectJournalCommand } = await import('./commands/journal.ts');
      code = await inspectJournalCommand(merged(own));
    });
  declareSchema(command('schema', 'say what the schema was, and what differs between two states of it'), run);
  declareGovernance(command('governance', 'judge migrations by the team’s manifest'), run);
  declareAudit(command('audit', 'say who changed what, and check that nobody touched the record of it'), run);
  declareExport(command('export', 'write what is stored as lines of JSON'), run);
  declareErase(command('erase', 'erase events of a person, a workspace or before a time'), run);
  declareKeys(command('keys', 'keys to the API, each with a role'), run);
  command('record [type]', 'record one event, or lines of JSON from a file or standard input')
    .option('--data <json>', 'data of the event')
    .option('--source <name>', 'who records it', 'cli')
    .option('--workspace <name>', 'what it belongs to')
    .option('--file <path>', 'file with one event a line; - for standard input')
    .action(async (type: string | undefined, own) => {
      code = await (await import('./commands/record.ts')).recordCommand(type, merged(own));
    });
  command('import <path>', 'import a repository’s migrations').action(async (path: string, own) => {
    code = await (await import('./commands/import.ts')).importCommand(path, merged(own));
  });
  timeframe(command('analyze', 'analyse what was recorded')).action(async (own) => {
    code = await (await import('./commands/analyze.ts')).analyzeCommand(merged(own));
  });
  command('train [model...]', 'train the models on what was recorded').action(
    async (models: string[], own) => {
      code = await (await import('./commands/train.ts')).trainCommand(models, merged(own));
    },
  );
  const reports = timeframe(
    command('report', 'a report as Markdown, or in another format as a file')
      .addOption(
        new Option('--kind <kind>', 'what it is about').choices([
          'telemetry',
          'models',
          'health',
          'trends',
          'accuracy',
        ]),
      )
      .addOption(
        new Option('--format <format>', 'how it is written').choices([
          'text',
          'html',
          'markdown',
          'csv',
          'json',
          'pdf',
          'aibos-report',
        ]),
      )
      .option('--time-zone <name>', 'whose clock times are shown by, for example Europe/Berlin')
      .option('-o, --output <file>', 'file to write instead of standard output'),
  ).action(async (own) => {
    code = await (await import('./commands/report.ts')).reportCommand(merged(own));
  });
  timeframe(reports.command('accuracy').description('predicted against actual, beside the baseline'))
    .addOption(new Option('--format <format>', 'how to print it').choices(['text', 'markdown', 'json']))
    .option('--data-dir <folder>', undefined)
    .configureHelp({ visibleOptions: visible })
    .action(async (own) => {
      code = await (await import('./commands/report-accuracy.ts')).reportAccuracyCommand(merged(own));
    });
  command(
    'feedback [event] [id]',
    'list what an answer would teach most; answer one; “withdraw ID” takes one back',
  )
    .addOption(new Option('--outcome <outcome>', 'how it went').choices(['failed', 'succeeded']))
    .addOption(new Option('--duration <time>', 'how long it took: 1.2s, 350ms, 3min').argParser(duration))
    .option('--right', 'the prediction was right')
    .option('--wrong', 'the prediction was wrong')
    .addOption(new Option('--rating <number>', '1 to 5').argParser(rating))
    .option('--text <text>', 'in your own words')
    .addOption(new Option('--limit <number>', 'so many of the list; 20 if not given').argParser(howMany))
    .option('--workspace <name>', 'only what belongs to it')
    .action(async (event: string | undefined, id: string | undefined, own) => {
      code = await (await import('./commands/feedback.ts')).feedbackCommand(event, id, merged(own));
    });
  command('detect', 'score each line of “timestamp,value” on standard input, as it comes')
    .addOption(
      new Option('--format <format>', 'alarms as text, one score a line, or one JSON object a line').choices([
        'text',
        'scores',
        'json',
      ]),
    )
    .option('--state <file>', 'go on from what was learnt before, and keep what is learnt')
    .action(async (own) => {
      code = await (await import('./commands/detect.ts')).detectCommand(merged(own));
    });
  command('doctor', 'say what is installed, reachable and writable').action(async (own) => {
    code = await (await import('./commands/doctor.ts')).doctorCommand(merged(own));
  });

  try {
    await program.parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    const { code: reason, exitCode } = error as { code?: string; exitCode?: number };
    if (reason?.startsWith('commander.')) return exitCode === 0 ? EXIT.done : EXIT.usage;
    return report(error);
  }
}

function visible(command: Command): Option[] {
  return command.options.filter(({ hidden, long }) => !hidden && long !== '--data-dir');
}

function timeframe(command: Command): Command {
  return command
    .option('--from <time>', 'from this time or day on (UTC)')
    .option('--to <time>', 'up to this time or day (UTC), not included')
    .option('--workspace <name>', 'only what belongs to it');
}

/** Milliseconds of `1.2s`, `350ms`, `3min` or a bare number of milliseconds. */
function duration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|min|h)?$/.exec(text.trim());
  const unit = { ms: 1, s: 1_000, min: 60_000, h: 3_600_000 }[match?.[2] ?? 'ms'] ?? 1;
  const value = Number(match?.[1]) * unit;
  if (!(value > 0)) throw new InvalidArgumentError('It must be a time such as 1.2s, 350ms or 3min.');
  return value;
}

function howMany(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 200)
    throw new InvalidArgumentError('It must be 1 to 200.');
  return value;
}

function rating(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 5)
    throw new InvalidArgumentError('It must be 1, 2, 3, 4 or 5.');
  return value;
}

function milliseconds(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value < 1) throw new InvalidArgumentError('It must be 1 or more.');
  return value;
}

function majorVersion(text: string): number {
  const version = Number.parseInt(text, 10);
  if (!/^\d+(?:\.\d+)*$/.test(text) || version < 9 || version > 99)
    throw new InvalidArgumentError('It must be a version such as 15.');
  return version;
}

function portOption(): Option {
  return new Option('--port <number>', 'port of the dashboard').argParser((text) => {
    const port = Number(text);
    if (!Number.isInteger(port) || port < 0 || port > 65_535)
      throw new InvalidArgumentError('It must be 0 to 65535.');
    return port;
  });
}
