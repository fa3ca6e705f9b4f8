/**
 * `aibos run -- COMMAND…`: runs a command as it is, with the terminal's own input, and records the migrations that it ran
 * with their outcome. Ends with the command's own exit code.
 */
import { spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { constants } from 'node:os';
import { TelemetryError } from '../../../contract/errors.ts';
import { uuidV7Source } from '../../../events/ids.ts';
import { runsOf } from '../../../migrations/command/ended-command.ts';
import { projectScripts } from '../../../migrations/command/project-scripts.ts';
import { duration } from '../../../report/format.ts';
import { manifestEnvironments } from '../../database/manifest-environments.ts';
import { workspaceOf } from '../../import/import-repository.ts';
import { nodePlatform } from '../../platform.ts';
import { type RecordedRun, recordRun } from '../../runs/record-run.ts';
import { type GlobalOptions, openSession } from '../context.ts';
import { refuseHeldRun } from '../held-run.ts';

export interface RunCommandLineOptions extends GlobalOptions {
  /** False with `--no-record`. */
  record?: boolean;
  /** Runs although an alert holds it up. */
  override?: boolean;
}

/** Output is kept up to here, to read in it what the tool says of its migrations. */
const MOST_OUTPUT = 4 * 1024 * 1024;

export async function runCommandLine(words: string[], options: RunCommandLineOptions): Promise<number> {
  if (!options.override) await refuseHeldRun(options);
  const startedAt = nodePlatform.now();
  const started = nodePlatform.monotonic();
  const { exitCode, output, whole } = await passThrough(words);
  const durationMs = nodePlatform.monotonic() - started;
  if (options.record === false) return exitCode;
  const folder = realpathSync(process.cwd());
  const runs = await runsOf(
    {
      line: words.map(quoted).join(' '),
      folder,
      confidence: 'own',
      startedAt,
      durationMs,
      exitCode,
      output,
      outputWhole: whole,
    },
    [],
    projectScripts((path) => readFile(path, 'utf8').catch(() => undefined)),
    uuidV7Source(nodePlatform),
  );
  if (runs.length === 0) {
    say('no migration tool is known in that command, so nothing was recorded');
    return exitCode;
  }
  const session = await openSession(options);
  try {
    const client = session.client();
    for (const ran of runs) {
      const recorded = await recordRun(ran, {
        client,
        place: { root: folder, workspace: workspaceOf(folder) },
        trusted: true,
        patterns: manifestEnvironments(folder),
        source: 'cli:run',
        user: undefined,
        send: async (events) => {
          await client.call('events.record', { events });
        },
      });
      for (const line of summary(recorded)) say(line);
    }
  } finally {
    await session.close('command finished');
  }
  return exitCode;
}

/** Throws `unavailable` where the program cannot be started. A signal ends it with 128 and the signal's number. */
function passThrough(words: string[]): Promise<{ exitCode: number; output: string; whole: boolean }> {
  const [program = '', ...args] = words;
  const child = spawn(program, args, { stdio: ['inherit', 'pipe', 'pipe'], windowsHide: true });
  const kept: Buffer[] = [];
  let length = 0;
  let whole = true;
  const keep = (to: NodeJS.WriteStream) => (chunk: Buffer) => {
    to.write(chunk);
    if (length + chunk.length > MOST_OUTPUT) whole = false;
    else kept.push(chunk);
    length += chunk.length;
  };
  child.stdout.on('data', keep(process.stdout));
  child.stderr.on('data', keep(process.stderr));
  // The terminal sends Ctrl-C to the command too; what it did is recorded once it has ended.
  const wait = () => undefined;
  process.on('SIGINT', wait);
  return new Promise<{ exitCode: number; output: string; whole: boolean }>((resolve, reject) => {
    child.on('error', (cause) =>
      reject(
        new TelemetryError(
          'unavailable',
          `${program} cannot be started: ${cause.message}. Nothing was run.`,
          {
            cause,
          },
        ),
      ),
    );
    child.on('close', (code, signal) =>
      resolve({
        exitCode: code ?? 128 + (signal ? constants.signals[signal] : 0),
        output: Buffer.concat(kept).toString('utf8'),
        whole,
      }),
    );
  }).finally(() => process.off('SIGINT', wait));
}

/** As a shell would need it, so that the words stay what they were. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

function summary({ migrations, environment, surprising }: RecordedRun): string[] {
  return [
    ...migrations.map(({ name, outcome, durationMs }) => {
      const took = durationMs === undefined ? '' : ` in ${duration(durationMs)}`;
      return `recorded ${name}: ${outcome}${took}, ${environment}`;
    }),
    ...surprising.map(({ subject }) => `not as predicted: ${subject}. “aibos feedback” asks what happened`),
  ];
}

/** On standard error: standard output is the command's. */
function say(line: string): void {
  process.stderr.write(`aibos: ${line}\n`);
}
