/** What is said of predictions against what came of them, and of one period against another. */
import type { AccuracyReport } from '../contract/accuracy.ts';
import type { Comparison } from '../contract/report-file.ts';
import { significant } from '../numbers.ts';
import { amount } from './amount.ts';
import type { Amount, Block, Cell, Section } from './document.ts';
import { count, percent, plural } from './format.ts';
import { orNothing } from './sections.ts';

export function accuracySections(report: AccuracyReport | undefined, why: string): Section[] {
  if (!report) return [{ title: 'Accuracy', blocks: [{ text: why }] }];
  const { failure, duration: time, predictions, resolved, awaiting, abstained } = report;
  const figure = (value: number | undefined): Cell =>
    value === undefined ? '–' : { text: String(significant(value)), value, unit: '' };
  const row = (name: string, model: number | undefined, baseline?: number) => [
    name,
    figure(model),
    figure(baseline),
  ];
  const head = [{ text: 'Figure' }, { text: 'Model', numeric: true }, { text: 'Baseline', numeric: true }];
  const slices = (title: string, all: AccuracyReport['byVersion']): Block[] =>
    all.length === 0
      ? []
      : [
          {
            caption: title,
            head: [
              { text: '' },
              ...['Outcomes', 'Failed', 'Brier', 'Baseline', 'Duration error', 'In interval'].map((text) => ({
                text,
                numeric: true,
              })),
            ],
            rows: all.map(({ name, failure: failed, duration: took }) => [
              name,
              amount.count(failed?.resolved ?? took?.resolved ?? 0),
              amount.count(failed?.failed ?? 0),
              figure(failed?.brier),
              figure(failed?.baselineBrier),
              figure(took?.medianAbsoluteLogRatio),
              took?.coverage80 === undefined ? '–' : amount.share(took.coverage80),
            ]),
          },
        ];
  const calibration = failure.calibration.filter((bin) => bin.count > 0);
  return [
    {
      title: 'Predicted against actual',
      blocks: [
        {
          figures: [
            { label: 'Predictions', value: amount.count(predictions), note: `${count(abstained)} abstained` },
            {
              label: 'With an outcome',
              value: amount.count(resolved),
              note: `${count(awaiting)} await theirs`,
            },
            {
              label: 'Failures told apart',
              value: figure(failure.auroc),
              note: 'AUROC: 0.5 is chance, 1 is always',
            },
            {
              label: 'In the 80 % interval',
              value: time.coverage80 === undefined ? '–' : amount.share(time.coverage80),
            },
          ],
        },
        {
          caption: 'Beside a simple baseline; lower is better',
          head,
          rows: [
            row('Brier score of failure probabilities', failure.brier, failure.baselineBrier),
            row('Expected calibration error', failure.calibrationError),
            row(
              'Duration error, median |ln(predicted / actual)|',
              time.medianAbsoluteLogRatio,
              time.baselineMedianAbsoluteLogRatio,
            ),
          ],
        },
        ...(calibration.length > 1
          ? [
              {
                chart: 'lines' as const,
                title: 'Calibration: how often it failed where so much was predicted',
                unit: 'share that failed, by predicted probability; both lines are one where predictions are right',
                valueUnit: 'share',
                labels: calibration.map(({ predicted }) => percent(predicted)),
                format: percent,
                series: [
                  {
                    name: 'observed',
                    tone: 'accent' as const,
                    values: calibration.map(({ observed }) => observed),
                  },
                  {
                    name: 'predicted',
                    tone: 'quiet' as const,
                    dashed: true,
                    values: calibration.map(({ predicted }) => predicted),
                  },
                ],
              },
            ]
          : []),
      ],
    },
    {
      title: 'By version, operation and month',
      blocks: orNothing(
        [
          ...slices('By model version', report.byVersion),
          ...slices('By operation', report.byOperation),
          ...slices('By month', report.overTime),
        ],
        'No outcome yet.',
      ),
    },
  ];
}

export function comparedSection(items: readonly Comparison[], before: string): Section {
  const cell = (value: number | undefined, unit: string): Cell => {
    if (value === undefined) return '–';
    if (unit === 'ms') return amount.duration(value);
    return unit === 'share' ? amount.share(value) : amount.plain(value, ` ${unit}`);
  };
  const noteworthy = items.filter((item) => item.noteworthy);
  return {
    title: 'Compared with the period before',
    blocks: [
      {
        text:
          noteworthy.length === 0
            ? `Beside ${before}, nothing differs by more than chance would explain.`
            : `Beside ${before}, ${plural(noteworthy.length, 'figure')} differ by more than chance would explain; they are marked.`,
      },
      {
        caption: 'Figures of both periods',
        head: [
          { text: 'Figure' },
          { text: 'Now', numeric: true },
          { text: 'Before', numeric: true },
          { text: 'Change', numeric: true },
          { text: '' },
        ],
        rows: items.map(({ name, unit, now, before: then, change, noteworthy: marked }) => [
          name,
          cell(now, unit),
          cell(then, unit),
          change === undefined ? '–' : changeCell(change),
          marked ? 'noteworthy' : '',
        ]),
      },
    ],
  };
}

function changeCell(change: number): Amount {
  const sign = change > 0 ? '+' : change < 0 ? '−' : '';
  return { text: `${sign}${percent(Math.abs(change))}`, value: change, unit: 'share' };
}
