/**
 * All series that are watched: a bounded number. Where it is reached, the one that was quiet longest makes room for a
 * newcomer that was seen more often lately, and that is counted.
 */
import { Popularity } from './admission.ts';
import { isWatched, type SeriesSubject, seriesId } from './samples.ts';
import { type SeriesState, WatchedSeries } from './watched-series.ts';

export const MOST_SERIES = 300;

export class SeriesTable {
  readonly #most: number;
  readonly #popularity = new Popularity();
  /** In order of last use. */
  readonly #series = new Map<string, WatchedSeries>();
  /** Series that were let go to make room. */
  letGo = 0;

  constructor(most = MOST_SERIES) {
    this.#most = most;
  }

  /** The series of a subject that was seen; new where there is room for it, undefined where there is none. */
  seen(subject: SeriesSubject): WatchedSeries | undefined {
    const id = seriesId(subject);
    this.#popularity.see(id);
    const known = this.#series.get(id);
    if (!known && !this.#makeRoom(id)) return undefined;
    const series = known ?? new WatchedSeries(subject);
    this.#series.delete(id);
    this.#series.set(id, series);
    return series;
  }

  #makeRoom(id: string): boolean {
    if (this.#series.size < this.#most) return true;
    const [quietest = ''] = this.#series.keys();
    if (this.#popularity.of(id) <= this.#popularity.of(quietest)) return false;
    this.#series.delete(quietest);
    this.letGo++;
    return true;
  }

  known(id: string): WatchedSeries | undefined {
    return this.#series.get(id);
  }

  all(): WatchedSeries[] {
    return [...this.#series.values()];
  }

  save(): SeriesState[] {
    return this.all().map((series) => series.save());
  }

  static restore(states: readonly SeriesState[], letGo: number): SeriesTable {
    const table = new SeriesTable();
    for (const state of states.filter(({ subject }) => isWatched(subject))) {
      const series = WatchedSeries.restore(state);
      table.#series.set(series.id, series);
    }
    table.letGo = letGo;
    return table;
  }
}
