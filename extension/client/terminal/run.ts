/** A command of a terminal, or a task, from its start to its end; and what of it is worth telling. Pure. */
import { whereabouts } from '../../../core/migrations/command/environment.ts';
import {
  isMigrationScript,
  type MigrationCommand,
  type Reading,
  readCommandLine,
  type ScriptCall,
} from '../../../core/migrations/command/migration-command.ts';
import { readOutput } from '../../../core/migrations/command/output.ts';
import { redactText } from '../../../core/privacy/redact.ts';
import type { RanParams } from '../../protocol.ts';

export interface EndedCommand {
  line: string;
  /** Path of the folder it ran in. */
  folder: string | undefined;
  confidence: RanParams['confidence'];
  /** Milliseconds since 1970. */
  startedAt: number;
  durationMs: number;
  exitCode: number | undefined;
  output: string;
  /** Whether that is all of it. */
  outputWhole: boolean;
}

/** Text of a script of the project by its name; undefined where there is none. */
export type ReadScript = (
  runner: string,
  name: string,
  folder: string | undefined,
) => Promise<string | undefined>;

/** Whether a line may run migrations, so that its output is worth reading. */
export function mayRunMigrations(line: string, patterns: readonly string[]): boolean {
  const { commands, scripts } = readCommandLine(line, patterns);
  return commands.length > 0 || scripts.length > 0;
}

/** What to tell the engine: one run for each tool that the line calls. */
export async function runsOf(
  ended: EndedCommand,
  patterns: readonly string[],
  readScript: ReadScript,
  newId: () => string,
): Promise<RanParams[]> {
  const reading = readCommandLine(ended.line, patterns);
  const commands = [...reading.commands, ...(await scriptCommands(reading, ended, patterns, readScript))];
  const said = readOutput(ended.output);
  const byTool = Map.groupBy(commands, ({ tool, direction }) => `${tool} ${direction}`);
  return [...byTool.values()].flatMap((called): RanParams[] => {
    const [first] = called;
    const last = called.at(-1);
    if (!first || !last) return [];
    const exitCode = ownExitCode(last, ended.exitCode, byTool.size);
    return [
      {
        id: newId(),
        ...(ended.folder === undefined ? {} : { folder: inFolder(ended.folder, first.folder) }),
        commandLine: redactText(ended.line).slice(0, 2_000),
        confidence: ended.confidence,
        tool: first.tool,
        verb: first.verb,
        direction: first.direction,
        files: called.flatMap(({ files }) => files),
        ...(first.dialect ? { dialect: first.dialect } : {}),
        whereabouts: whereabouts(first.connection),
        startedAt: new Date(ended.startedAt).toISOString(),
        durationMs: Math.round(ended.durationMs * 1_000) / 1_000,
        alone: called.length === 1 && first.alone,
        ...(exitCode === undefined ? {} : { exitCode }),
        exitCodeTells: called.every(({ exitCodeTells }) => exitCodeTells),
        said: byTool.size === 1 ? said : { migrations: [] },
        outputWhole: ended.outputWhole && byTool.size === 1,
      },
    ];
  });
}

/** What the scripts of a line run: by their text, or where that is not known by their name. */
async function scriptCommands(
  { scripts }: Reading,
  { folder }: EndedCommand,
  patterns: readonly string[],
  readScript: ReadScript,
): Promise<MigrationCommand[]> {
  const found = await Promise.all(
    scripts.map(async (script): Promise<MigrationCommand[]> => {
      const text = await readScript(script.runner, script.name, inFolder(folder, script.folder));
      const inside = text === undefined ? [] : readCommandLine(text, patterns).commands;
      if (inside.length > 0) return inside.map((command) => within(command, script));
      return isMigrationScript(script.name) ? [byName(script)] : [];
    }),
  );
  return found.flat();
}

function within(
  command: MigrationCommand,
  { connection, alone, endsLine, folder }: ScriptCall,
): MigrationCommand {
  return {
    ...command,
    ...(folder === undefined ? {} : { folder: inFolder(folder, command.folder) }),
    alone: alone && command.alone,
    endsLine: endsLine === 'always' ? command.endsLine : endsLine,
    connection: {
      ...connection,
      ...command.connection,
      words: [...command.connection.words, ...connection.words],
    },
  };
}

function byName({ runner, name, connection, alone, endsLine, folder }: ScriptCall): MigrationCommand {
  return {
    tool: runner,
    verb: name,
    direction: 'up',
    files: [],
    connection,
    exitCodeTells: true,
    alone,
    endsLine,
    ...(folder === undefined ? {} : { folder }),
  };
}

function ownExitCode({ endsLine }: MigrationCommand, exitCode: number | undefined, tools: number) {
  if (exitCode === undefined || endsLine === 'never') return undefined;
  if (exitCode !== 0 && (endsLine === 'on-success' || tools > 1)) return undefined;
  return exitCode;
}

function inFolder<T extends string | undefined>(folder: T, below: string | undefined): T | string {
  if (below === undefined || folder === undefined) return folder;
  return /^(?:[/~]|[A-Za-z]:)/.test(below) ? below : `${folder}/${below}`;
}
