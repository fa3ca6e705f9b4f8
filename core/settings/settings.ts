/**
 * The settings of the engine: one small document in the data folder, written in one step. What it does not say is as
 * it comes. Each change leaves an audit entry, as every call of an audited method does.
 */
import { Settings, type SettingsChange } from '../contract/governance.ts';
import { check } from '../events/validate.ts';
import type { Kept } from '../kept.ts';

/** How the engine behaves where nobody chose. `maxMemoryMb` may come from the environment. */
export const DEFAULT_SETTINGS: Settings = {
  mutedAlerts: [],
  alertActions: [],
  retrain: { auto: true, everyLabels: 20, everyDays: 7, onDrift: true },
  maxMemoryMb: 512,
};

export class SettingsKeeper {
  readonly #kept: Kept;
  readonly #defaults: Settings;
  readonly #listeners = new Set<(settings: Settings) => void>();
  #current: Settings;
  #problem: string | undefined;

  /** Reads what is kept. What cannot be understood is not used: {@link problem} says so. */
  constructor(kept: Kept, defaults: Partial<Settings> = {}) {
    this.#kept = kept;
    this.#defaults = { ...DEFAULT_SETTINGS, ...defaults };
    this.#current = this.#read();
  }

  current(): Settings {
    return this.#current;
  }

  /** Why the defaults are in force although something is kept, in words. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Changes what is given; durable when it returns. `retentionDays: null` keeps everything for ever. */
  update({ retentionDays, retrain, ...change }: SettingsChange): Settings {
    const { retentionDays: before, ...current } = this.#current;
    const days = retentionDays === undefined ? before : (retentionDays ?? undefined);
    const next: Settings = {
      ...current,
      ...change,
      retrain: { ...current.retrain, ...retrain },
      ...(days === undefined ? {} : { retentionDays: days }),
    };
    this.#kept.write(next);
    this.#current = next;
    this.#problem = undefined;
    for (const listener of this.#listeners) listener(next);
    return next;
  }

  /** Calls `listener` after each change. The result ends it. */
  onChanged(listener: (settings: Settings) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #read(): Settings {
    try {
      const kept = this.#kept.read();
      if (kept === undefined) return this.#defaults;
      const settings = { ...this.#defaults, ...(kept as object) };
      const checked = check(Settings, settings);
      if (checked.ok) return settings;
      const said = checked.errors.map(({ pointer, message }) => `${pointer || 'they'} ${message}`).join('; ');
      this.#problem = `The kept settings are not used: ${said}.`;
    } catch (error) {
      this.#problem = error instanceof Error ? error.message : String(error);
    }
    return this.#defaults;
  }
}
