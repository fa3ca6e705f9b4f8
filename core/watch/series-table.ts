/** All series that are watched: a bounded number; the one that was quiet longest makes room, and that is counted. */
import { type SeriesSubject, seriesId } from './samples.ts';
import { type SeriesState, WatchedSeries } from './watched-series.ts';

export const MOST_SERIES = 300;

export class SeriesTable {
  readonly #most: number;
  /** In order of last use. */
  readonly #series = new Map<string, WatchedSeries>();
  /** Series that were let go to make room. */
  letGo = 0;

  constructor(most = MOST_SERIES) {
    this.#most = most;
  }

  /** The series of a subject, new where there is none yet. */
  of(subject: SeriesSubject): WatchedSeries {
    const id = seriesId(subject);
    const series = this.#series.get(id) ?? new WatchedSeries(subject);
    this.#series.delete(id);
    this.#series.set(id, series);
    if (this.#series.size > this.#most) {
      const [oldest] = this.#series.keys();
      if (oldest !== undefined) this.#series.delete(oldest);
      this.letGo++;
    }
    return series;
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
    for (const state of states) {
      const series = WatchedSeries.restore(state);
      table.#series.set(series.id, series);
    }
    table.letGo = letGo;
    return table;
  }
}
