/** The resource monitor: what this process and machine use, sampled at intervals as `system_health` events. */
import { readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { freemem } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Resources } from '../contract/event.ts';
import type { Forward } from '../trace/instrument.ts';

const EVERY_MS = 30_000;
const RESOLUTION_MS = 20;
/** An event loop that lags by more than this keeps people waiting. */
const LAG_LIMIT_MS = 250;
const DISK_LIMIT_BYTES = 200 * 1024 * 1024;

export interface MonitorOptions {
  /** A path on the disk whose free space counts. */
  path: string;
  forward: Forward;
  /** Open connections to databases, as the connector knows them. */
  connections: () => number;
}

export class ResourceMonitor {
  readonly #options: MonitorOptions;
  readonly #delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  #timer: NodeJS.Timeout | undefined;
  #cpu = process.cpuUsage();
  #cpuAt = performance.now();
  #latest: Resources = {};

  constructor(options: MonitorOptions) {
    this.#options = options;
  }

  /** The latest sample. */
  get latest(): Resources {
    return this.#latest;
  }

  async start(): Promise<void> {
    this.#delay.enable();
    await this.sample();
    this.#timer = setInterval(() => void this.sample(), EVERY_MS);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#delay.disable();
  }

  /** Takes a sample and forwards it. */
  async sample(): Promise<void> {
    const resources = await this.#measure();
    this.#latest = resources;
    const problems = problemsOf(resources);
    this.#options.forward({
      type: 'system_health',
      source: 'engine:resource-monitor',
      data: {
        component: 'resource-monitor',
        state: problems.length === 0 ? 'ok' : 'degraded',
        ...(problems.length === 0 ? {} : { message: problems.join('; ') }),
      },
      metadata: { resources },
    });
  }

  async #measure(): Promise<Resources> {
    const now = performance.now();
    const cpu = process.cpuUsage(this.#cpu);
    const elapsedMs = now - this.#cpuAt;
    this.#cpu = process.cpuUsage();
    this.#cpuAt = now;
    const lag =
      this.#delay.count > 0 ? Math.max(0, this.#delay.percentile(99) / 1e6 - RESOLUTION_MS) : undefined;
    this.#delay.reset();
    const disk = await statfs(this.#options.path).catch(() => undefined);
    const network = networkBytes();
    return {
      cpuPercent: round(((cpu.user + cpu.system) / 1_000 / Math.max(1, elapsedMs)) * 100),
      memoryBytes: process.memoryUsage.rss(),
      memoryFreeBytes: freemem(),
      ...(disk ? { diskFreeBytes: Number(disk.bavail) * Number(disk.bsize) } : {}),
      ...(network ?? {}),
      ...(lag === undefined ? {} : { eventLoopLagMs: round(lag) }),
      databaseConnections: this.#options.connections(),
    };
  }
}

function problemsOf({ eventLoopLagMs = 0, diskFreeBytes = Number.POSITIVE_INFINITY }: Resources): string[] {
  return [
    ...(eventLoopLagMs > LAG_LIMIT_MS ? [`the event loop lags by ${Math.round(eventLoopLagMs)} ms`] : []),
    ...(diskFreeBytes < DISK_LIMIT_BYTES ? ['less than 200 MB of disk are free'] : []),
  ];
}

/** Bytes through all interfaces but loopback since boot; undefined where the system does not tell (not Linux). */
function networkBytes(): Pick<Resources, 'networkReceivedBytes' | 'networkSentBytes'> | undefined {
  try {
    const rows = readFileSync('/proc/net/dev', 'utf8').split('\n').slice(2);
    let networkReceivedBytes = 0;
    let networkSentBytes = 0;
    for (const row of rows) {
      const [name, counters] = row.split(':');
      if (!counters || name?.trim() === 'lo') continue;
      const fields = counters.trim().split(/\s+/).map(Number);
      networkReceivedBytes += fields[0] ?? 0;
      networkSentBytes += fields[8] ?? 0;
    }
    return { networkReceivedBytes, networkSentBytes };
  } catch {
    return undefined;
  }
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
