/** Records what is new in each saved migration, one save after the other, and never forgets one that is waiting. */
import { setTimeout as delay } from 'node:timers/promises';
import type { TelemetryClient } from '../../../core/contract/client.ts';
import { TelemetryError } from '../../../core/contract/errors.ts';
import type { EventInput, EventMetadata } from '../../../core/contract/event.ts';
import { uuidV7Source } from '../../../core/events/ids.ts';
import type { Session } from '../../../core/node/engine/session.ts';
import { nodePlatform } from '../../../core/node/platform.ts';
import { pseudonym } from '../../../core/privacy/pseudonym.ts';
import { loadParsers, parseSql } from '../../../core/sql/parse.ts';
import type { Preferences } from '../../protocol.ts';
import type { WorkspacePlace } from '../workspace.ts';
import { Baselines } from './baselines.ts';
import { authorAddress, committedText } from './git.ts';
import { type MigrationFile, migrationAt } from './migration-file.ts';
import { type Save, saveEvents } from './save-events.ts';
import { newOrChanged, type SavedStatement, savedStatements, unreadFile } from './statements.ts';

export interface SavedText {
  place: WorkspacePlace;
  text: string;
  /** What the file held when it was opened. */
  textAtOpen: string;
}

export interface SaveRecorderOptions {
  /** Resolves once the engine can be reached. */
  session: () => Promise<Session>;
  preferences: () => Preferences;
  log: { info(message: string): void; error(message: string): void };
}

/** Larger files are data, and would hold up the engine that runs in this process. */
const MOST_CHARACTERS = 5_000_000;
const BATCH = 1_000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
const WORTH_ANOTHER_TRY = new Set(['unavailable', 'overloaded', 'storage-failed']);

export class SaveRecorder {
  readonly #options: SaveRecorderOptions;
  readonly #newId = uuidV7Source(nodePlatform);
  readonly #addresses = new Map<string, Promise<string | undefined>>();
  #baselines: Baselines | undefined;
  #last: Promise<void> = Promise.resolve();

  constructor(options: SaveRecorderOptions) {
    this.#options = options;
  }

  /** Takes a save; it is recorded when its turn comes and the engine can be reached. */
  saved(file: SavedText): void {
    const { recording, trusted } = this.#options.preferences();
    if (recording === 'undecided') return;
    const at = new Date(nodePlatform.now()).toISOString();
    this.#last = this.#last.then(() =>
      this.#record(file, at, recording === 'paused', trusted).catch((error: unknown) =>
        this.#options.log.error(`${file.place.path} was not recorded: ${said(error)}`),
      ),
    );
  }

  /** Resolves once every save taken so far is recorded. */
  idle(): Promise<void> {
    return this.#last;
  }

  async #record(
    { place, text, textAtOpen }: SavedText,
    timestamp: string,
    paused: boolean,
    trusted: boolean,
  ) {
    const { root, workspace, path, file } = place;
    const migration = await migrationAt(root, path, text);
    if (!migration) return;
    await loadParsers();
    const session = await this.#options.session();
    this.#baselines ??= new Baselines(session.folder);
    const statements = read(text, migration);
    const fingerprints = statements.map(({ fingerprint }) => fingerprint);
    if (paused) {
      this.#baselines.skipTo(workspace, path, fingerprints);
      return;
    }
    const before =
      this.#baselines.get(workspace, path) ??
      read((trusted ? await committedText(file) : undefined) ?? textAtOpen, migration).map(
        ({ fingerprint }) => fingerprint,
      );
    const news = newOrChanged(before, statements);
    if (news.length > 0) {
      const save: Save = {
        file: path,
        migration: migration.name,
        dialect: migration.dialect,
        tool: migration.tool,
        timestamp,
        metadata: await this.#metadata(place, trusted, session),
      };
      await this.#send(saveEvents(save, news, this.#newId), session);
      this.#options.log.info(`${path}: recorded ${news.length} of ${statements.length} statements`);
    }
    this.#baselines.set(workspace, path, fingerprints);
  }

  async #metadata(
    { root, workspace }: WorkspacePlace,
    trusted: boolean,
    session: Session,
  ): Promise<EventMetadata> {
    const address = trusted ? await this.#addressAt(root) : undefined;
    const user = address ? pseudonym(nodePlatform, session.folder.identityKey(), address) : undefined;
    return { workspace, correlationId: this.#newId(), ...(user ? { user } : {}) };
  }

  #addressAt(root: string): Promise<string | undefined> {
    const known = this.#addresses.get(root) ?? authorAddress(root);
    this.#addresses.set(root, known);
    return known;
  }

  async #send(events: readonly EventInput[], session: Session): Promise<void> {
    for (let from = 0; from < events.length; from += BATCH)
      await this.#sendBatch(events.slice(from, from + BATCH), session.client());
  }

  /** Until it is stored. The events carry their ids, so a try whose answer was lost does no harm. */
  async #sendBatch(events: EventInput[], client: TelemetryClient): Promise<void> {
    for (let wait = FIRST_WAIT_MS; ; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
      try {
        const { rejected } = await client.call('events.record', { events });
        for (const { errors } of rejected) this.#options.log.error(`refused: ${JSON.stringify(errors)}`);
        return;
      } catch (error) {
        if (!TelemetryError.is(error) || !WORTH_ANOTHER_TRY.has(error.code)) throw error;
        this.#options.log.error(`not stored yet, trying again in ${wait} ms: ${error.message}`);
        await delay(wait);
      }
    }
  }
}

function read(text: string, { up, dialect }: MigrationFile): SavedStatement[] {
  const { sha256 } = nodePlatform;
  if (text.length > MOST_CHARACTERS)
    return unreadFile(
      text,
      `the file has ${text.length} characters; files over ${MOST_CHARACTERS} are not read`,
      sha256,
    );
  if (text.includes('\0')) return unreadFile(text, 'the file is binary, not SQL text', sha256);
  return savedStatements(parseSql(up(text), dialect), sha256);
}

function said(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
