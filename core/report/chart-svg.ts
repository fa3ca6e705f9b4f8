/** Charts as SVG that needs no script: colours come from the page's style, so light, dark and print all fit. */
import type { Chart, ChartSeries } from './document.ts';
import { escapeHtml } from './escape.ts';

const WIDTH = 720;
const HEIGHT = 220;
const LEFT = 80;
const RIGHT = 12;
const TOP = 10;
const BOTTOM = 26;
const TICKS = 4;
const LABELS = 6;

interface Scale {
  x: (index: number) => number;
  y: (value: number) => number;
  ticks: number[];
}

export function chartSvg(chart: Chart): string {
  const scale = scaleOf(chart);
  const { labels } = chart;
  const every = Math.max(1, Math.ceil(labels.length / LABELS));
  const axis = scale.ticks.map(
    (tick) =>
      `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at(scale.y(tick))}" y2="${at(scale.y(tick))}"/>` +
      `<text class="tick" x="${LEFT - 8}" y="${at(scale.y(tick) + 4)}" text-anchor="end">${escapeHtml(chart.format(tick))}</text>`,
  );
  const names = labels.flatMap((label, i) =>
    i % every === 0
      ? [
          `<text class="tick${i % (2 * every) === 0 ? '' : ' other'}" x="${at(scale.x(i))}" y="${HEIGHT - 8}" text-anchor="${i === 0 ? 'start' : 'middle'}">${escapeHtml(label)}</text>`,
        ]
      : [],
  );
  const marks =
    chart.chart === 'bars' ? bars(chart, scale) : chart.series.map((series) => line(series, scale)).join('');
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeHtml(chart.title)}">${axis.join('')}${names.join('')}${marks}</svg>`;
}

/** One bar a label, the series stacked. */
function bars({ series, labels, format }: Chart, { x, y }: Scale): string {
  const width = Math.max(1, ((WIDTH - LEFT - RIGHT) / labels.length) * 0.8);
  return labels
    .map((label, i) => {
      let below = 0;
      return series
        .map(({ name, tone, values }) => {
          const value = values[i] ?? 0;
          if (value <= 0) return '';
          const top = y(below + value);
          const height = y(below) - top;
          below += value;
          return `<rect class="${tone}" x="${at(x(i) - width / 2)}" y="${at(top)}" width="${at(width)}" height="${at(height)}"><title>${escapeHtml(`${label}: ${name} ${format(value)}`)}</title></rect>`;
        })
        .join('');
    })
    .join('');
}

/** A line through what is known, with a gap where nothing is. */
function line({ tone, values, dashed }: ChartSeries, { x, y }: Scale): string {
  let path = '';
  let drawing = false;
  const dots: string[] = [];
  values.forEach((value, i) => {
    if (value === undefined || !Number.isFinite(value)) {
      drawing = false;
      return;
    }
    path += `${drawing ? 'L' : 'M'}${at(x(i))} ${at(y(value))}`;
    drawing = true;
    const alone = values[i - 1] === undefined && values[i + 1] === undefined;
    if (alone || values.length <= 40)
      dots.push(`<circle class="${tone}" cx="${at(x(i))}" cy="${at(y(value))}" r="2.2"/>`);
  });
  return `<path class="line ${tone}${dashed ? ' dashed' : ''}" d="${path}"/>${dashed ? '' : dots.join('')}`;
}

function scaleOf({ chart, series, labels, logarithmic }: Chart): Scale {
  const stacked = labels.map((_, i) => series.reduce((sum, { values }) => sum + (values[i] ?? 0), 0));
  const values =
    chart === 'bars' ? stacked : series.flatMap((one) => one.values.filter((value) => value !== undefined));
  const known = values.filter((value) => Number.isFinite(value) && (!logarithmic || value > 0));
  const most = Math.max(...known, 0) || 1;
  const least = logarithmic ? Math.min(...known, most) : Math.min(0, ...known);
  const ticks = logarithmic ? powers(least, most) : roundSteps(least, most);
  const [low, high] = [ticks[0] ?? 0, ticks.at(-1) ?? 1];
  const place = logarithmic ? (value: number) => Math.log10(Math.max(value, low)) : (value: number) => value;
  const range = place(high) - place(low) || 1;
  const inner = WIDTH - LEFT - RIGHT;
  const step = inner / Math.max(1, labels.length);
  return {
    x: (i) => LEFT + step * (i + 0.5),
    y: (value) => HEIGHT - BOTTOM - ((place(value) - place(low)) / range) * (HEIGHT - TOP - BOTTOM),
    ticks,
  };
}

function roundSteps(least: number, most: number): number[] {
  const rough = (most - least) / TICKS;
  const size = 10 ** Math.floor(Math.log10(rough));
  const step = size * ([1, 2, 5, 10].find((factor) => factor * size >= rough) ?? 10);
  const first = Math.floor(least / step);
  const count = Math.ceil(most / step) - first;
  return Array.from({ length: count + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

function powers(least: number, most: number): number[] {
  const first = Math.floor(Math.log10(least));
  const last = Math.max(first + 1, Math.ceil(Math.log10(most)));
  const every = Math.max(1, Math.ceil((last - first) / TICKS));
  const ticks: number[] = [];
  for (let power = first; power < last + every; power += every) ticks.push(10 ** power);
  return ticks;
}

function at(value: number): string {
  return String(Math.round(value * 10) / 10);
}
