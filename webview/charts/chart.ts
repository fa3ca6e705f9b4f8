/** Draws a chart on a canvas. The only file that knows Chart.js. */
import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  type ChartConfiguration,
  type ChartDataset,
  type ChartOptions,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  type Scale,
  type ScaleOptionsByType,
  ScatterController,
  Tooltip,
  type TooltipItem,
} from 'chart.js';
import { logTicks } from './log-ticks.ts';
import type { Axis, ChartColour, ChartSpec } from './spec.ts';

Chart.register(
  BarController,
  BarElement,
  CategoryScale,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  ScatterController,
  Tooltip,
);

export interface DrawnChart {
  update(spec: ChartSpec): void;
  destroy(): void;
}

type Configuration = ChartConfiguration<'bar' | 'line' | 'scatter'>;
type Dataset = ChartDataset<'bar' | 'line' | 'scatter'>;

/** Draws `spec` with the colours that the style sheet gives now. */
export function drawChart(canvas: HTMLCanvasElement, spec: ChartSpec): DrawnChart {
  const chart = new Chart(canvas, configuration(canvas, spec));
  return {
    update(next) {
      const { data, options } = configuration(canvas, next);
      chart.data = data;
      if (options) chart.options = options;
      chart.update('none');
    },
    destroy: () => chart.destroy(),
  };
}

function configuration(canvas: HTMLCanvasElement, spec: ChartSpec): Configuration {
  const style = getComputedStyle(canvas);
  const colour = (name: string) => style.getPropertyValue(`--chart-${name}`).trim();
  const options: ChartOptions<'bar' | 'line' | 'scatter'> = {
    animation: false,
    responsive: true,
    maintainAspectRatio: false,
    font: { family: style.fontFamily, size: 11 },
    color: colour('text'),
    interaction: spec.kind === 'scatter' ? { mode: 'nearest' } : { mode: 'index', intersect: false },
    scales: {
      x: spec.kind === 'scatter' ? valueScale(spec.x, colour) : categoryScale(spec.kind === 'bars', colour),
      y: {
        ...valueScale(spec.y, colour),
        ...(spec.kind === 'bars' ? { stacked: true, beginAtZero: true } : {}),
      },
    },
    plugins: {
      legend: {
        display: (spec.kind === 'scatter' ? spec.groups : spec.series).length > 1,
        align: 'end',
        labels: {
          boxWidth: spec.kind === 'lines' ? 22 : 10,
          boxHeight: 10,
          color: colour('text'),
          usePointStyle: spec.kind !== 'bars',
          ...(spec.kind === 'lines' ? { pointStyle: 'line' as const } : {}),
        },
      },
      tooltip: tooltip(spec, colour),
    },
  };
  const type = spec.kind === 'bars' ? 'bar' : spec.kind === 'lines' ? 'line' : 'scatter';
  const labels = spec.kind === 'scatter' ? [] : [...spec.labels];
  return { type, data: { labels, datasets: datasets(spec, colour) }, options };
}

function datasets(spec: ChartSpec, colour: (name: ChartColour | 'grid') => string): Dataset[] {
  if (spec.kind === 'scatter') {
    const groups = spec.groups.map(
      ({ name, colour: own, points, joined = false }): Dataset => ({
        type: 'scatter',
        label: name,
        data: points.map(({ x, y }) => ({ x, y })),
        backgroundColor: colour(own),
        borderColor: colour(own),
        borderWidth: 1.5,
        showLine: joined,
        pointRadius: joined ? (points.length > 40 ? 0 : 2) : 3.5,
        pointStyle: own === 'error' && !joined ? 'rectRot' : 'circle',
      }),
    );
    return spec.diagonal ? [...groups, diagonal(spec, colour('quiet'))] : groups;
  }
  return spec.series.map(({ name, colour: own, values, dashed }): Dataset => {
    const data = values.map((value) => value ?? null);
    if (spec.kind === 'bars') {
      return { type: 'bar', label: name, data, backgroundColor: colour(own), maxBarThickness: 28 };
    }
    return {
      type: 'line',
      label: name,
      data,
      borderColor: colour(own),
      backgroundColor: colour(own),
      borderWidth: 1.5,
      pointRadius: values.length > 60 ? 1 : 2,
      pointHoverRadius: 4,
      spanGaps: true,
      clip: 6,
      ...(dashed ? { borderDash: [4, 3] } : {}),
    };
  });
}

/** From corner to corner of the range that the points cover. */
function diagonal(spec: Extract<ChartSpec, { kind: 'scatter' }>, colour: string): Dataset {
  const all = spec.groups.flatMap(({ points }) => points.flatMap(({ x, y }) => [x, y]));
  const ends = all.length === 0 ? [] : [Math.min(...all), Math.max(...all)];
  return {
    type: 'line',
    label: typeof spec.diagonal === 'string' ? spec.diagonal : 'Predicted = actual',
    data: ends.map((value) => ({ x: value, y: value })),
    borderColor: colour,
    borderWidth: 1,
    borderDash: [4, 3],
    pointRadius: 0,
    pointHitRadius: 0,
  };
}

type Colours = (name: string) => string;

function categoryScale(stacked: boolean, colour: Colours): Partial<ScaleOptionsByType<'category'>> {
  return {
    type: 'category',
    stacked,
    grid: { display: false },
    border: { color: colour('grid') },
    ticks: { color: colour('text'), maxRotation: 0, autoSkipPadding: 16 },
  } as Partial<ScaleOptionsByType<'category'>>;
}

function valueScale({ title, log, whole, min, max, format }: Axis, colour: Colours) {
  return {
    type: log ? 'logarithmic' : 'linear',
    ...(log ? { afterBuildTicks: markPowers } : {}),
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    title: { display: true, text: title, color: colour('text'), font: { size: 11 } },
    grid: { color: colour('grid') },
    border: { display: false },
    ticks: {
      color: colour('text'),
      maxTicksLimit: 6,
      ...(whole ? { precision: 0 } : {}),
      callback: (value: number | string) => format(Number(value)),
    },
  } as const;
}

function markPowers(scale: Scale): void {
  scale.ticks = logTicks(scale.min, scale.max).map((value) => ({ value }));
}

function tooltip(spec: ChartSpec, colour: Colours) {
  return {
    backgroundColor: colour('tooltip'),
    titleColor: colour('tooltip-text'),
    bodyColor: colour('tooltip-text'),
    borderColor: colour('grid'),
    borderWidth: 1,
    padding: 8,
    boxPadding: 4,
    callbacks: {
      title: (items: { dataIndex: number; datasetIndex: number }[]) => {
        const [item] = items;
        if (!item) return '';
        if (spec.kind !== 'scatter') return spec.names[item.dataIndex] ?? '';
        return spec.groups[item.datasetIndex]?.points[item.dataIndex]?.label ?? '';
      },
      label: (item: TooltipItem<'bar' | 'line' | 'scatter'>) => {
        const y = spec.y.format(item.parsed.y ?? 0);
        if (spec.kind !== 'scatter') return `${item.dataset.label}: ${y}`;
        return [`${spec.x.title}: ${spec.x.format(item.parsed.x ?? 0)}`, `${spec.y.title}: ${y}`];
      },
    },
  };
}
