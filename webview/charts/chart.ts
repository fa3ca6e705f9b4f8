/** Draws a chart on a canvas. The only file that knows Chart.js. */
import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  type ChartConfiguration,
  type ChartDataset,
  type ChartOptions,
  Filler,
  Legend,
  type LegendItem,
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
import type { Axis, Band, ChartColour, ChartSpec, ScatterGroup } from './spec.ts';
import { whiskers } from './whiskers.ts';

Chart.register(
  BarController,
  BarElement,
  CategoryScale,
  Filler,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  ScatterController,
  Tooltip,
  whiskers,
);

export interface DrawnChart {
  update(spec: ChartSpec): void;
  destroy(): void;
}

type Configuration = ChartConfiguration<'bar' | 'line' | 'scatter'>;
type Dataset = ChartDataset<'bar' | 'line' | 'scatter'>;

/** Size of a chart's text beside that of the page. */
const SMALLER = 0.85;

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
  // Ticks, legend and titles take theirs from here alone; the page's font is one for all charts.
  Object.assign(Chart.defaults.font, {
    family: style.fontFamily,
    size: Math.round(Number.parseFloat(style.fontSize) * SMALLER),
  });
  const colour = (name: string) => style.getPropertyValue(`--chart-${name}`).trim();
  const across = spec.kind === 'bars' && spec.horizontal === true;
  const stacked = spec.kind === 'bars' && !spec.sideBySide;
  const values = {
    ...valueScale(spec.y, colour),
    ...(spec.kind === 'bars' ? { stacked, beginAtZero: true } : {}),
  };
  const labels =
    spec.kind === 'scatter' ? valueScale(spec.x, colour) : categoryScale(stacked, across, colour);
  const options: ChartOptions<'bar' | 'line' | 'scatter'> = {
    animation: false,
    responsive: true,
    maintainAspectRatio: false,
    ...(across ? { indexAxis: 'y' as const } : {}),
    color: colour('text'),
    interaction:
      spec.kind === 'scatter'
        ? { mode: 'nearest', intersect: true }
        : { mode: 'index', intersect: false, axis: across ? 'y' : 'x' },
    scales: across ? { x: values, y: labels } : { x: labels, y: values },
    plugins: {
      legend: {
        display: (spec.kind === 'scatter' ? spec.groups : spec.series).length > 1 || 'band' in spec,
        align: 'end',
        labels: {
          boxWidth: spec.kind === 'lines' ? 22 : 10,
          boxHeight: 10,
          color: colour('text'),
          usePointStyle: spec.kind !== 'bars',
          filter: ({ text }) => text !== '',
          generateLabels: (chart) => legend(chart, spec),
        },
      },
      tooltip: tooltip(spec, colour),
    },
    onClick: (_, [element]) => {
      if (!element) return;
      if (spec.kind === 'scatter') spec.onPress?.(element.datasetIndex, element.index);
      else spec.onPress?.(element.index);
    },
  };
  const type = spec.kind === 'bars' ? 'bar' : spec.kind === 'lines' ? 'line' : 'scatter';
  const names = spec.kind === 'scatter' ? [] : [...spec.labels];
  return { type, data: { labels: names, datasets: datasets(spec, colour) }, options };
}

function datasets(spec: ChartSpec, colour: (name: ChartColour | 'grid' | 'band') => string): Dataset[] {
  if (spec.kind === 'scatter') {
    const groups = spec.groups.map((group) => scattered(group, colour));
    return spec.diagonal ? [...groups, diagonal(spec, colour('quiet'))] : groups;
  }
  const series = spec.series.map(({ name, colour: own, values, dashed, points }): Dataset => {
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
      pointRadius: points ? 4.5 : values.length > 60 ? 0 : 2,
      pointHoverRadius: points ? 6 : 4,
      pointStyle: points ? 'rectRot' : 'circle',
      showLine: !points,
      spanGaps: true,
      clip: 6,
      ...(dashed ? { borderDash: [4, 3] } : {}),
      ...(points ? { order: -1 } : {}),
    };
  });
  return spec.kind === 'lines' && spec.band ? [...series, ...bandOf(spec.band, colour('band'))] : series;
}

function scattered(group: ScatterGroup, colour: (name: ChartColour) => string): Dataset {
  const { name, colour: own, points, joined = false, dashed } = group;
  return {
    type: 'scatter',
    label: name,
    data: points.map(({ x, y }) => ({ x, y })),
    backgroundColor: colour(own),
    borderColor: colour(own),
    borderWidth: 1.5,
    showLine: joined,
    pointRadius: joined ? (points.length > 40 ? 0 : 2) : 3.5,
    pointStyle: own === 'error' && !joined ? 'rectRot' : 'circle',
    ...(dashed ? { borderDash: [4, 3] } : {}),
    whiskers: points.map(({ low, high }) =>
      low === undefined || high === undefined ? undefined : [low, high],
    ),
  } as Dataset;
}

/** Each entry with the sign that its series is drawn with: a line, a mark, a ground. */
function legend(chart: Chart, spec: ChartSpec): LegendItem[] {
  const items = Chart.defaults.plugins.legend.labels.generateLabels(chart);
  if (spec.kind !== 'lines') return items;
  return items.map((item, i) => {
    const series = spec.series[item.datasetIndex ?? i];
    return { ...item, pointStyle: !series ? 'rect' : series.points ? 'rectRot' : 'line' };
  });
}

/** Two edges without a line of their own, with the ground filled between them; the second one has no entry in the legend. */
function bandOf({ name, low, high }: Band, colour: string): Dataset[] {
  const edge = {
    type: 'line',
    borderWidth: 0,
    pointRadius: 0,
    pointHitRadius: 0,
    spanGaps: true,
    order: 9,
  } as const;
  return [
    {
      ...edge,
      label: name,
      data: high.map((value) => value ?? null),
      borderColor: colour,
      backgroundColor: colour,
      fill: '+1',
    },
    { ...edge, label: '', data: low.map((value) => value ?? null), fill: false },
  ];
}

/** From corner to corner of the axes, else of the range that the points cover. */
function diagonal(spec: Extract<ChartSpec, { kind: 'scatter' }>, colour: string): Dataset {
  const all = spec.groups.flatMap(({ points }) => points.flatMap(({ x, y }) => [x, y]));
  const { min = Math.min(...all), max = Math.max(...all) } = spec.x;
  const ends = all.length === 0 ? [] : [min, max];
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

function categoryScale(
  stacked: boolean,
  atSide: boolean,
  colour: Colours,
): Partial<ScaleOptionsByType<'category'>> {
  return {
    type: 'category',
    stacked,
    grid: { display: false },
    border: { color: colour('grid') },
    ticks: { color: colour('text'), maxRotation: 0, autoSkip: !atSide, autoSkipPadding: 16 },
  } as Partial<ScaleOptionsByType<'category'>>;
}

function valueScale({ title, log, whole, min, max, format }: Axis, colour: Colours) {
  return {
    type: log ? 'logarithmic' : 'linear',
    ...(log ? { afterBuildTicks: markPowers } : {}),
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    title: { display: true, text: title, color: colour('text') },
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
    filter: ({ dataset }: { dataset: { label?: string | undefined } }) => dataset.label !== '',
    callbacks: {
      title: (items: { dataIndex: number; datasetIndex: number }[]) => {
        const [item] = items;
        if (!item) return '';
        if (spec.kind !== 'scatter') return spec.names[item.dataIndex] ?? '';
        return spec.groups[item.datasetIndex]?.points[item.dataIndex]?.label ?? '';
      },
      label: (item: TooltipItem<'bar' | 'line' | 'scatter'>) => {
        const across = spec.kind === 'bars' && spec.horizontal;
        const y = spec.y.format((across ? item.parsed.x : item.parsed.y) ?? 0);
        if (spec.kind === 'lines' && spec.band && item.datasetIndex === spec.series.length) {
          const low = spec.band.low[item.dataIndex];
          return `${spec.band.name}: ${low === undefined ? '' : `${spec.y.format(low)} to `}${y}`;
        }
        if (spec.kind !== 'scatter') return `${item.dataset.label}: ${y}`;
        return [`${spec.x.title}: ${spec.x.format(item.parsed.x ?? 0)}`, `${spec.y.title}: ${y}`];
      },
    },
  };
}
