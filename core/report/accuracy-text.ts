/** The scoreboard as text: predicted against actual, with the baseline beside it. */
import type { AccuracyReport, AccuracySlice } from '../contract/accuracy.ts';
import { count, percent, plural } from './format.ts';
import { plainStyle, type Style } from './summary-text.ts';

interface Figure {
  name: string;
  value: string;
  baseline: string;
  /** What it means, in words. */
  meaning: string;
}

/** For a terminal. */
export function accuracyText(report: AccuracyReport, style: Style = plainStyle): string {
  const { predictions, resolved, awaiting, abstained, estimated } = report;
  const head = `${plural(predictions, 'prediction')}: ${count(resolved)} with an outcome, ${count(awaiting)} awaiting, ${count(abstained)} abstained`;
  return [
    style.bold(head),
    ...block('Failures', failureFigures(report), style),
    ...block('Durations', durationFigures(report), style),
    ...calibration(report, style),
    ...(estimated.accuracy === undefined
      ? []
      : [
          '',
          `Of what still waits, ${percent(estimated.accuracy)} should come true (expected Brier score ${estimated.brier}).`,
        ]),
    ...slices('By model and version', report.byVersion, style),
    ...slices('By operation', report.byOperation, style),
    ...slices('By month', report.overTime, style),
    ...(resolved === 0
      ? [
          '',
          'No outcome yet: predictions are judged once their migration has run, or somebody says how it went.',
        ]
      : []),
  ].join('\n');
}

export function accuracyMarkdown(report: AccuracyReport): string {
  const { predictions, resolved, awaiting, abstained, generatedAt } = report;
  const table = (title: string, figures: readonly Figure[]) =>
    figures.length === 0
      ? []
      : [
          '',
          `## ${title}`,
          '',
          '| figure | value | baseline | meaning |',
          '|---|---:|---:|---|',
          ...figures.map(
            ({ name, value, baseline, meaning }) => `| ${name} | ${value} | ${baseline} | ${meaning} |`,
          ),
        ];
  const bySlice = (title: string, all: readonly AccuracySlice[]) =>
    all.length === 0
      ? []
      : [
          '',
          `## ${title}`,
          '',
          '| | failures | Brier | baseline | durations | log ratio | baseline | coverage |',
          '|---|---:|---:|---:|---:|---:|---:|---:|',
          ...all.map((slice) => `| ${[slice.name, ...cells(slice)].join(' | ')} |`),
        ];
  return [
    '# Predicted against actual',
    '',
    `${plural(predictions, 'prediction')}: ${count(resolved)} with an outcome, ${count(awaiting)} awaiting, ${count(abstained)} abstained. As of ${generatedAt}.`,
    ...table('Failures', failureFigures(report)),
    ...table('Durations', durationFigures(report)),
    ...bySlice('By model and version', report.byVersion),
    ...bySlice('By operation', report.byOperation),
    ...bySlice('By month', report.overTime),
  ].join('\n');
}

function failureFigures({ failure }: AccuracyReport): Figure[] {
  const { resolved, failed, brier, baselineBrier, auroc, calibrationError, precision, recall } = failure;
  if (resolved === 0) return [];
  return [
    { name: 'outcomes', value: count(resolved), baseline: '', meaning: `${count(failed)} failed` },
    figure('Brier score', brier, 'lower is better; the baseline says the rate so far', baselineBrier),
    figure('AUROC', auroc, 'chance that a failure got the higher probability', 0.5),
    figure('calibration error', calibrationError, 'how far “30 %” is from 30 %'),
    figure('precision', precision, 'of those called failures, how many failed'),
    figure('recall', recall, 'of the failures, how many were called'),
  ].filter(({ value }) => value !== '');
}

function durationFigures({ duration }: AccuracyReport): Figure[] {
  const { resolved, medianAbsoluteLogRatio: ratio, baselineMedianAbsoluteLogRatio: other } = duration;
  if (resolved === 0) return [];
  const bias = duration.bias ?? 0;
  const factor = (log: number | undefined) =>
    log === undefined ? undefined : Number(Math.exp(log).toPrecision(3));
  return [
    {
      name: 'outcomes',
      value: count(resolved),
      baseline: '',
      meaning: 'runs that ended well and were timed',
    },
    figure(
      'log ratio',
      ratio,
      `half are off by less than ${factor(ratio)}×; the baseline is the median so far`,
      other,
    ),
    figure('coverage', duration.coverage80, 'of the 80 % interval; 0.8 is right', 0.8),
    figure(
      'bias',
      duration.bias,
      bias > 0 ? 'says too long' : bias < 0 ? 'says too short' : 'leans to neither side',
    ),
  ].filter(({ value }) => value !== '');
}

function figure(name: string, value: number | undefined, meaning: string, baseline?: number): Figure {
  return {
    name,
    value: value === undefined ? '' : String(value),
    baseline: baseline === undefined ? '' : String(baseline),
    meaning,
  };
}

function block(title: string, figures: readonly Figure[], style: Style): string[] {
  if (figures.length === 0) return [];
  const lines = figures.map(({ name, value, baseline, meaning }) => {
    const beside = baseline === '' ? '' : `baseline ${baseline}`;
    return `  ${name.padEnd(18)}${value.padStart(8)}  ${style.dim(beside.padEnd(16))}${style.dim(meaning)}`;
  });
  return ['', style.bold(title), ...lines];
}

function calibration({ failure }: AccuracyReport, style: Style): string[] {
  if (failure.calibration.length < 2) return [];
  const lines = failure.calibration.map(({ predicted, observed, count: n }) => {
    const bar = '█'.repeat(Math.round(observed * 20)).padEnd(20, '·');
    return `  ${`said ${percent(predicted)}`.padEnd(14)} ${style.dim(bar)} ${percent(observed)} of ${n} failed`;
  });
  return ['', style.bold('Calibration'), ...lines];
}

function slices(title: string, all: readonly AccuracySlice[], style: Style): string[] {
  if (all.length === 0) return [];
  const width = Math.max(...all.map(({ name }) => name.length));
  const lines = all.map(({ name, failure, duration }) => {
    const parts = [
      ...(failure
        ? [
            `Brier ${failure.brier} (baseline ${failure.baselineBrier}, ${plural(failure.resolved, 'outcome')})`,
          ]
        : []),
      ...(duration
        ? [
            `log ratio ${duration.medianAbsoluteLogRatio} (baseline ${duration.baselineMedianAbsoluteLogRatio ?? 'none'}, ${plural(duration.resolved, 'run')})`,
          ]
        : []),
    ];
    return `  ${name.padEnd(width)}  ${parts.join('; ')}`;
  });
  return ['', style.bold(title), ...lines];
}

function cells({ failure, duration }: AccuracySlice): (string | number)[] {
  return [
    failure?.resolved ?? '',
    failure?.brier ?? '',
    failure?.baselineBrier ?? '',
    duration?.resolved ?? '',
    duration?.medianAbsoluteLogRatio ?? '',
    duration?.baselineMedianAbsoluteLogRatio ?? '',
    duration?.coverage80 ?? '',
  ];
}
