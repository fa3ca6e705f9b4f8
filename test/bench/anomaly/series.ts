/** Labelled series: the Numenta Anomaly Benchmark, folders of `timestamp,value,label` files, made-up telemetry. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readTime } from '../../../core/detect/lines.ts';
import { INCIDENTS, makeTelemetry, SHAPES } from '../../support/telemetry.ts';

export interface LabelledSeries {
  name: string;
  category: string;
  /** Milliseconds since 1970. */
  times: number[];
  values: number[];
  /** First and last place of each labelled anomaly. */
  windows: [number, number][];
}

/** The benchmark's data and windows, from a checkout of github.com/numenta/NAB. */
export function loadNab(root: string): LabelledSeries[] {
  const windows = JSON.parse(readFileSync(join(root, 'labels/combined_windows.json'), 'utf8')) as Record<
    string,
    [string, string][]
  >;
  return Object.entries(windows).map(([name, limits]) => {
    const rows = readRows(join(root, 'data', name));
    const places = new Map<number, number>();
    const times = rows.map(([stamp = '']) => timeOf(stamp));
    times.forEach((time, i) => {
      if (!places.has(time)) places.set(time, i);
    });
    const place = (stamp: string) => {
      const found = places.get(timeOf(stamp));
      if (found === undefined) throw new Error(`${name} has no ${stamp}`);
      return found;
    };
    const values = rows.map(([, value]) => Number(value));
    const category = name.slice(0, name.indexOf('/'));
    return { name, category, times, values, windows: limits.map(([from, to]) => [place(from), place(to)]) };
  });
}

/** Every CSV file below a folder, whose third column is 1 where the value is an anomaly. */
export function loadLabelled(root: string): LabelledSeries[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.csv'))
    .sort()
    .map((name) => {
      const rows = readRows(join(root, name)).filter(([, value]) => value !== undefined && value !== '');
      const labels = rows.map(([, , label]) => Number(label) === 1);
      return {
        name,
        category: name.includes('/') ? name.slice(0, name.lastIndexOf('/')) : '',
        times: rows.map(([stamp = '']) => timeOf(stamp)),
        values: rows.map(([, value]) => Number(value)),
        windows: runs(labels),
      };
    });
}

/** Made-up telemetry: each shape with each kind of incident, with all of them, and with none. */
export function makeLabelled(seeds: readonly number[]): LabelledSeries[] {
  return SHAPES.flatMap((shape) =>
    [...INCIDENTS.map((kind) => [kind]), INCIDENTS, []].flatMap((kinds) =>
      seeds.map((seed) => {
        const { name, times, values, incidents } = makeTelemetry(
          shape,
          kinds,
          seed,
          kinds.length > 1 ? 8064 : 4032,
        );
        const category = kinds.length === 1 ? (kinds[0] ?? '') : kinds.length === 0 ? 'none' : 'all';
        return {
          name,
          category,
          times,
          values,
          windows: incidents.map(({ from, to }) => [from, to] as [number, number]),
        };
      }),
    ),
  );
}

function readRows(path: string): string[][] {
  const lines = readFileSync(path, 'utf8').trim().split('\n').slice(1);
  return lines.map((line) =>
    line
      .replaceAll('"', '')
      .split(',')
      .map((field) => field.trim()),
  );
}

function timeOf(stamp: string): number {
  const time = readTime(stamp.replace(/(\.\d{1,9})\d*$/, '$1'));
  return typeof time === 'number' ? time : Number.NaN;
}

function runs(labels: readonly boolean[]): [number, number][] {
  const found: [number, number][] = [];
  labels.forEach((label, i) => {
    const last = found.at(-1);
    if (label && last && last[1] === i - 1) last[1] = i;
    else if (label) found.push([i, i]);
  });
  return found;
}
