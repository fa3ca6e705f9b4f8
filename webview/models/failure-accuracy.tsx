import { useMemo } from 'preact/hooks';
import type { AccuracyReport } from '../../core/contract/accuracy.ts';
import { ChartFigure } from '../charts/figure.tsx';
import { count, figure, percent, plural } from '../format/numbers.ts';
import { Empty } from '../ui/states.tsx';
import { ConfusionMatrix } from './confusion.tsx';
import { calibrationCurve, failureErrorOverTime, precisionRecallCurve, rocCurve } from './curves.ts';

/** What the probabilities of failure were worth: by threshold, by bin, and by month. */
export function FailureAccuracyCharts({ report }: { report: AccuracyReport }) {
  const { failure, overTime } = report;
  const { resolved, failed, auroc, calibrationError, roc, precisionRecall, calibration } = failure;
  const specs = useMemo(
    () => ({
      roc: rocCurve(failure),
      precisionRecall: precisionRecallCurve(failure),
      calibration: calibrationCurve(failure),
      overTime: failureErrorOverTime(overTime),
    }),
    [failure, overTime],
  );
  const from = `${plural(resolved, 'outcome')}, ${count(failed)} failed`;
  const empty = (
    <Empty title="Too few outcomes of one kind">
      <p>{from}; the curve needs both.</p>
    </Empty>
  );
  const bins = calibration.filter((bin) => bin.count > 0);
  const months = overTime.filter(({ failure: month }) => month?.brier !== undefined);
  return (
    <>
      <div class="pair">
        <ChartFigure
          title="ROC curve"
          note={`Failures found against false alarms, for every threshold; the dashed line is guessing; ${from}`}
          summary={auroc === undefined ? 'No area yet.' : `Area under it ${figure(auroc)}; 0.5 is guessing.`}
          spec={specs.roc}
          rows={roc}
          keyOf={(_, i) => i}
          columns={[
            {
              head: 'False alarms among successes',
              cell: (row) => percent(row.falsePositiveRate),
              numeric: true,
            },
            { head: 'Failures found', cell: (row) => percent(row.truePositiveRate), numeric: true },
          ]}
          empty={empty}
        />
        <ChartFigure
          title="Precision and recall"
          note={`For every threshold, beside calling every migration a failure; ${from}`}
          summary={`${count(precisionRecall.length)} thresholds.`}
          spec={specs.precisionRecall}
          rows={precisionRecall}
          keyOf={(_, i) => i}
          columns={[
            { head: 'Recall', cell: ({ recall }) => percent(recall), numeric: true },
            { head: 'Precision', cell: ({ precision }) => percent(precision), numeric: true },
          ]}
          empty={empty}
        />
        <ChartFigure
          title="Calibration"
          note="Said against observed share of failures, by bins of probability; on the line what is said happens"
          summary={
            calibrationError === undefined
              ? 'No calibration error yet.'
              : `Expected calibration error ${percent(calibrationError)}.`
          }
          spec={specs.calibration}
          rows={bins}
          keyOf={(_, i) => i}
          columns={[
            { head: 'Said to fail', cell: ({ predicted }) => percent(predicted), numeric: true },
            { head: 'Did fail', cell: ({ observed }) => percent(observed), numeric: true },
            { head: 'Outcomes', cell: (bin) => count(bin.count), numeric: true },
          ]}
          empty={<Empty title="No outcomes yet" />}
        />
        <ConfusionMatrix confusion={failure.confusion} />
      </div>
      <ChartFigure
        title="Error of failure predictions over time"
        note="Brier score per month (UTC), lower is better, beside always saying the rate of failures so far"
        summary={`${plural(months.length, 'month')} with outcomes.`}
        spec={specs.overTime}
        rows={months}
        keyOf={({ name }) => name}
        columns={[
          { head: 'Month (UTC)', cell: ({ name }) => name },
          { head: 'Outcomes', cell: (month) => count(month.failure?.resolved ?? 0), numeric: true },
          { head: 'Failed', cell: (month) => count(month.failure?.failed ?? 0), numeric: true },
          { head: 'Model', cell: (month) => numberOr(month.failure?.brier), numeric: true },
          { head: 'Baseline', cell: (month) => numberOr(month.failure?.baselineBrier), numeric: true },
        ]}
        empty={<Empty title="No month with enough outcomes yet" />}
      />
    </>
  );
}

function numberOr(value: number | undefined): string {
  return value === undefined ? '–' : figure(value);
}
