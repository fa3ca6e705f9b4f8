/** The events of one command that ran migrations: a `migration_execution` for each of them. Pure. */
import type { EventInput, EventMetadata, Outcome } from '../../contract/event.ts';
import type { Badge } from '../../database/environment.ts';
import { derivedUuid } from '../../events/ids.ts';
import type { Platform } from '../../platform.ts';
import type { RanCommand } from './ended-command.ts';
import { sameMigration } from './names.ts';
import { settled } from './output.ts';

/** A migration of the workspace. */
export interface KnownMigration {
  name: string;
  /** Path below the workspace folder, with `/`. */
  file: string;
}

export interface RanMigration {
  name: string;
  file?: string;
  outcome: Outcome;
  /** Only where it is that of this migration alone. */
  durationMs?: number;
  /** Who says so: the tool's own clock, or the command's from start to end. */
  timedBy?: 'tool' | 'command';
}

/** What became of the whole command. */
export function commandOutcome({ exitCode, exitCodeTells, said, outputWhole }: RanCommand): Outcome {
  if (said.error && (!exitCodeTells || exitCode === undefined)) return 'failed';
  if (exitCode === undefined) return 'unknown';
  if (exitCode !== 0) return 'failed';
  return exitCodeTells || outputWhole ? 'succeeded' : 'unknown';
}

/**
 * Which migrations a command ran, and how each ended: those that its output names, else the files it names, else those
 * that were pending. Of several whose output says nothing a failure is nobody's: which one failed is not known.
 *
 * @param known every migration of the workspace, in order
 * @param pending those that no earlier run is known to have applied
 */
export function migrationsOf(
  ran: RanCommand,
  known: readonly KnownMigration[],
  pending: readonly KnownMigration[],
): RanMigration[] {
  const outcome = commandOutcome(ran);
  const named = (name: string) =>
    known.find((migration) => sameMigration(migration.name, name) || sameMigration(migration.file, name));
  if (ran.said.migrations.length > 0)
    return settled(ran.said.migrations, outcome).map(({ name, outcome: own, durationMs }) => ({
      name,
      ...named(name),
      outcome: own,
      ...(durationMs === undefined ? {} : { durationMs, timedBy: 'tool' as const }),
    }));
  const candidates: { name: string; file?: string }[] =
    ran.files.length > 0
      ? ran.files.map((file) => named(file) ?? { name: baseName(file), file })
      : [...pending];
  const [only = { name: `${ran.tool} ${ran.verb}` }, ...others] = candidates;
  if (others.length > 0)
    return candidates.map((migration) => ({
      ...migration,
      outcome: outcome === 'failed' ? 'unknown' : outcome,
    }));
  return [
    { ...only, outcome, ...(ran.alone ? { durationMs: ran.durationMs, timedBy: 'command' as const } : {}) },
  ];
}

export function runEvents(
  ran: RanCommand,
  migrations: readonly RanMigration[],
  { environment, reason }: Badge,
  metadata: EventMetadata,
  { source, sha256 }: { source: string; sha256: Platform['sha256'] },
): (EventInput<'migration_execution'> & { id: string })[] {
  const at = Date.parse(ran.startedAt);
  return migrations.map(({ name, file, outcome, durationMs, timedBy }) => ({
    id: derivedUuid(at, sha256(`${ran.id} ${name}`)),
    timestamp: ran.startedAt,
    type: 'migration_execution',
    source,
    data: {
      migration: name.slice(0, 200),
      outcome,
      tool: ran.tool,
      verb: ran.verb,
      direction: ran.direction,
      ...(file === undefined ? {} : { file }),
      ...(ran.dialect ? { dialect: ran.dialect } : {}),
      environment,
      environmentReason: reason,
      ...(durationMs === undefined ? {} : { durationMs, timedBy }),
      commandDurationMs: ran.durationMs,
      ...(ran.exitCode === undefined ? { exitCodeUnknown: true } : { exitCode: ran.exitCode }),
      command: ran.commandLine,
      commandConfidence: ran.confidence,
      ...(ran.said.error && outcome === 'failed' ? { error: ran.said.error } : {}),
    },
    metadata,
  }));
}

function baseName(file: string): string {
  return (file.split(/[/\\]/).at(-1) ?? file).replace(/(?:\.up)?\.sql$/i, '');
}
