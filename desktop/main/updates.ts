/**
 * Updates of the app: off unless the reader switches them on and names where they come from. Nothing is asked of any
 * server before that. What is found is downloaded, checked by the updater against its signature or digest, and put in
 * place when the app ends.
 */
import type { Delay } from './engine-supervisor.ts';

/** As kept in the preferences. */
export interface UpdatePreference {
  automatic: boolean;
  /** Folder of the published packages, by https. */
  feed?: string;
}

/** The part of an updater that is used; made only once updates are wanted. */
export interface Updater {
  /** Resolves with the version that was found and downloaded, undefined where there is none. */
  fetchNewer(feed: string): Promise<string | undefined>;
}

export interface UpdatesOptions {
  preference(): UpdatePreference;
  load(): Promise<Updater>;
  tell(text: string): void;
  log(line: string): void;
  after: Delay;
}

const EVERY_MS = 24 * 60 * 60_000;
/** Nobody waits for it, and the start has enough to do. */
const FIRST_MS = 60_000;

export class Updates {
  readonly #options: UpdatesOptions;
  #takeBack = () => {};
  #checking = false;

  constructor(options: UpdatesOptions) {
    this.#options = options;
  }

  /** Plans the next check, or none: after the start, and after each change of the preference. */
  plan(ms = FIRST_MS): void {
    this.#takeBack();
    const { automatic, feed } = this.#options.preference();
    const wanted = automatic && isFeed(feed);
    this.#takeBack = wanted ? this.#options.after(ms, () => void this.#checkInTurn()) : () => {};
  }

  /** The reader asks. */
  async check(): Promise<void> {
    const { feed } = this.#options.preference();
    if (isFeed(feed)) await this.#check(feed, true);
    else this.#options.tell('No place for updates is set: preferences.json, updates.feed.');
  }

  stop(): void {
    this.#takeBack();
  }

  async #checkInTurn(): Promise<void> {
    const { automatic, feed } = this.#options.preference();
    if (automatic && isFeed(feed)) await this.#check(feed, false);
    this.plan(EVERY_MS);
  }

  async #check(feed: string, asked: boolean): Promise<void> {
    const { load, tell, log } = this.#options;
    if (this.#checking) return;
    this.#checking = true;
    try {
      const version = await (await load()).fetchNewer(feed);
      log(`updates: ${version ?? 'none'} at ${feed}`);
      if (version !== undefined) tell(`Version ${version} is ready and is put in place when the app ends.`);
      else if (asked) tell('This is the newest version.');
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      log(`updates: ${why}`);
      if (asked) tell(`The check for updates failed: ${why.split('\n')[0]}`);
    } finally {
      this.#checking = false;
    }
  }
}

/** What was kept, as a preference; anything else is off. */
export function readUpdatePreference(saved: unknown): UpdatePreference {
  const { automatic, feed } = (typeof saved === 'object' && saved !== null ? saved : {}) as Record<
    string,
    unknown
  >;
  const named = typeof feed === 'string' && isFeed(feed) ? { feed } : {};
  return { automatic: automatic === true && 'feed' in named, ...named };
}

/** https, without credentials: what is fetched there becomes the app. */
function isFeed(feed: string | undefined): feed is string {
  const url = feed === undefined ? null : URL.parse(feed);
  return url?.protocol === 'https:' && url.username === '' && url.password === '';
}
