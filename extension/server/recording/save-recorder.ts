/** Records what is new in each saved migration, one save after the other, and never forgets one that is waiting. */
import type { EventMetadata } from '../../../core/contract/event.ts';
import { uuidV7Source } from '../../../core/events/ids.ts';
import type { Session } from '../../../core/node/engine/session.ts';
import { loadParsers } from '../../../core/node/parsers.ts';
import { nodePlatform } from '../../../core/node/platform.ts';
import { parseSql } from '../../../core/sql/parse.ts';
import type { Preferences } from '../../protocol.ts';
import type { WorkspacePlace } from '../workspace.ts';
import type { Authors } from './authors.ts';
import { Baselines } from './baselines.ts';
import { isExcluded } from './excluded.ts';
import { committedText } from './git.ts';
import { type MigrationFile, migrationAt } from './migration-file.ts';
import { type Save, saveEvents } from './save-events.ts';
import { securityEvents } from './security-events.ts';
import { sendEvents } from './sender.ts';
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
  authors: Authors;
  log: { info(message: string): void; error(message: string): void };
}

/** Larger files are data, and would hold up the engine that runs in this process. */
const MOST_CHARACTERS = 5_000_000;

export class SaveRecorder {
  readonly #options: SaveRecorderOptions;
  readonly #newId = uuidV7Source(nodePlatform);
  readonly #authors: Authors;
  #baselines: Baselines | undefined;
  #last: Promise<void> = Promise.resolve();

  constructor(options: SaveRecorderOptions) {
    this.#options = options;
    this.#authors = options.authors;
  }

  /** Takes a save; it is recorded when its turn comes and the engine can be reached. */
  saved(file: SavedText): void {
    const { recording, trusted, exclude = [] } = this.#options.preferences();
    if (recording === 'undecided' || isExcluded(file.place.path, exclude)) return;
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
      const events = [...saveEvents(save, news, this.#newId), ...securityEvents(save, news, this.#newId)];
      await sendEvents(events, async () => session, this.#options.log);
      this.#options.log.info(`${path}: recorded ${news.length} of ${statements.length} statements`);
    }
    this.#baselines.set(workspace, path, fingerprints);
  }

  async #metadata(
    { root, workspace }: WorkspacePlace,
    trusted: boolean,
    session: Session,
  ): Promise<EventMetadata> {
    const user = await this.#authors.pseudonymAt(root, trusted, session);
    return { workspace, correlationId: this.#newId(), ...(user ? { user } : {}) };
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
