/** Reports as files, the comparison of periods, and reports that are made by themselves. */
import { TelemetryError } from '../contract/errors.ts';
import type { Params, Result } from '../contract/methods.ts';
import type { ReportFile, ReportSchedule } from '../contract/report-file.ts';
import { type Kept, keptInMemory } from '../kept.ts';
import type { Platform } from '../platform.ts';
import type { EventReader } from '../store/event-reader.ts';
import { comparePeriods } from './compare.ts';
import { type Call, makeReport, type PrintPdf } from './make.ts';

/** What reports need from outside. Implemented in `core/node/report`. */
export interface ReportPorts {
  /** Where schedules are kept. */
  schedules: Kept;
  pdf: PrintPdf;
  toBase64: (bytes: Uint8Array) => string;
  /** Puts a file into a folder in one step; rejects where it cannot. Gives its path. */
  writeFile: (folder: string, file: ReportFile) => Promise<string>;
  /** Whether a path means the same whatever the working folder is. */
  isAbsolute: (path: string) => boolean;
}

/** Ports of reports that only answer: no PDF, no file, schedules forgotten with the engine. */
export function reportsInMemory(): ReportPorts {
  const nowhere = () => Promise.reject(new TelemetryError('unavailable', 'This engine writes no files.'));
  return {
    schedules: keptInMemory(),
    pdf: nowhere,
    toBase64: () => '',
    writeFile: nowhere,
    isAbsolute: () => true,
  };
}

const DAY = 86_400_000;

export class Reports {
  readonly #reader: EventReader;
  readonly #platform: Pick<Platform, 'now' | 'randomBytes'>;
  readonly #ports: ReportPorts;

  constructor(reader: EventReader, platform: Pick<Platform, 'now' | 'randomBytes'>, ports: ReportPorts) {
    this.#reader = reader;
    this.#platform = platform;
    this.#ports = ports;
  }

  make(call: Call, params: Params<'reports.make'>): Promise<ReportFile> {
    return makeReport(call, params, this.#ports.pdf, this.#ports.toBase64);
  }

  compare(params: Params<'reports.compare'>): Result<'reports.compare'> {
    for (const [from, to] of [
      [params.from, params.to],
      [params.compareFrom, params.compareTo],
    ] as const)
      if (Date.parse(from) >= Date.parse(to))
        throw new TelemetryError('invalid-request', 'A period must end after it begins.');
    return { items: comparePeriods(this.#reader, params) };
  }

  schedules(): ReportSchedule[] {
    const kept = this.#ports.schedules.read();
    return Array.isArray(kept) ? (kept as ReportSchedule[]) : [];
  }

  /** Durable when it returns. The first one is made when its time has come, not at once. */
  schedule({ id, folder, enabled = true, ...what }: Params<'reports.schedule'>): ReportSchedule {
    if (!this.#ports.isAbsolute(folder))
      throw new TelemetryError('invalid-request', `The folder must be an absolute path, not ${folder}.`, {
        errors: [{ pointer: '/folder', message: 'must be an absolute path' }],
      });
    const all = this.schedules();
    const before = all.find((one) => one.id === id);
    if (id !== undefined && !before) throw new TelemetryError('not-found', `There is no schedule ${id}.`);
    const { problem: _, ...known } = before ?? { id: this.#newId() };
    const now = this.#platform.now();
    const schedule: ReportSchedule = {
      ...known,
      ...what,
      folder,
      enabled,
      nextAt: new Date(nextTime(what.every, now)).toISOString(),
    };
    this.#ports.schedules.write([...all.filter((one) => one.id !== schedule.id), schedule]);
    return schedule;
  }

  unschedule(id: string): boolean {
    const all = this.schedules();
    const rest = all.filter((one) => one.id !== id);
    if (rest.length < all.length) this.#ports.schedules.write(rest);
    return rest.length < all.length;
  }

  /**
   * Makes what is due: where several were missed, the latest. A report that could not be made says why in its schedule
   * and is tried again next time.
   */
  async runDue(call: Call): Promise<void> {
    const now = this.#platform.now();
    for (const schedule of this.schedules()) {
      const { enabled, nextAt, every } = schedule;
      if (!enabled || nextAt === undefined || Date.parse(nextAt) > now) continue;
      const next = nextTime(every, now);
      const done = await this.#run(call, schedule, timeBefore(every, next));
      this.#ports.schedules.write(
        this.schedules().map((one) => {
          if (one.id !== schedule.id) return one;
          const { problem: _, ...rest } = one;
          return { ...rest, nextAt: new Date(next).toISOString(), ...done };
        }),
      );
    }
  }

  async #run(call: Call, { kind, format, workspace, folder, every }: ReportSchedule, due: number) {
    const to = new Date(due).toISOString();
    const [from, before] = [timeBefore(every, due), timeBefore(every, timeBefore(every, due))];
    try {
      const file = await this.make(call, {
        kind,
        format,
        from: new Date(from).toISOString(),
        to,
        compareFrom: new Date(before).toISOString(),
        compareTo: new Date(from).toISOString(),
        ...(workspace ? { workspace } : {}),
      });
      await this.#ports.writeFile(folder, file);
      return { lastAt: new Date(this.#platform.now()).toISOString() };
    } catch (error) {
      return { problem: error instanceof Error ? error.message : String(error) };
    }
  }

  #newId(): string {
    return [...this.#platform.randomBytes(6)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  }
}

/** The next beginning of a day, of a week (Monday) or of a month, in UTC. */
export function nextTime(every: ReportSchedule['every'], now: number): number {
  const date = new Date(now);
  if (every === 'month') return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
  const tomorrow = (Math.floor(now / DAY) + 1) * DAY;
  if (every === 'day') return tomorrow;
  return tomorrow + ((8 - new Date(tomorrow).getUTCDay()) % 7) * DAY;
}

/** So much earlier; a month as the calendar has it. */
function timeBefore(every: ReportSchedule['every'], at: number): number {
  if (every === 'day') return at - DAY;
  if (every === 'week') return at - 7 * DAY;
  const date = new Date(at);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - 1, 1);
}
