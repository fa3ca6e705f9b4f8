/** A command line from its start to its end, and what of it is worth telling. */
import type { Dialect } from '../../contract/event.ts';
import { redactText } from '../../privacy/redact.ts';
import { type Whereabouts, whereabouts } from './environment.ts';
import {
  isMigrationScript,
  type MigrationCommand,
  type Reading,
  readCommandLine,
  type ScriptCall,
} from './migration-command.ts';
import { readOutput, type SaidOutput } from './output.ts';
import type { Direction } from './tools.ts';

/** One run of a tool: what is recorded of it. */
export interface RanCommand {
  /** A UUID of this run, so that sending it again records nothing twice. */
  id: string;
  /** Path of the folder it ran in. */
  folder?: string;
  /** Without secrets. */
  commandLine: string;
  /** How sure the shell is of the command line; `task` and `own`: whoever tells it started it. */
  confidence: 'low' | 'medium' | 'high' | 'task' | 'own';
  tool: string;
  verb: string;
  direction: Direction;
  /** SQL files that it names, as given. */
  files: string[];
  dialect?: Dialect;
  whereabouts: Whereabouts;
  startedAt: string;
  durationMs: number;
  /** Whether the line ran nothing else, so that its duration is that of the migrations. */
  alone: boolean;
  /** Missing where the shell did not say, or where it is another command's. */
  exitCode?: number;
  /** Whether the exit code says that statements failed. */
  exitCodeTells: boolean;
  said: SaidOutput;
  /** Whether all of the output was seen, so that no error in it means none. */
  outputWhole: boolean;
}

export interface EndedCommand {
  line: string;
  /** Path of the folder it ran in. */
  folder: string | undefined;
  confidence: RanCommand['confidence'];
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
): Promise<RanCommand[]> {
  const reading = readCommandLine(ended.line, patterns);
  const commands = [...reading.commands, ...(await scriptCommands(reading, ended, patterns, readScript))];
  const said = readOutput(ended.output);
  const byTool = Map.groupBy(commands, ({ tool, direction }) => `${tool} ${direction}`);
  return [...byTool.values()].flatMap((called): RanCommand[] => {
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
