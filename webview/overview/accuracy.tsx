import type { AccuracyReport } from '../../core/contract/accuracy.ts';
import { count, figure, percent, plural } from '../format/numbers.ts';
import { Link } from '../routing/link.tsx';
import { href } from '../routing/router.ts';
import type { Query } from '../state/query.ts';
import { Card } from '../ui/card.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { Empty } from '../ui/states.tsx';
import { type Comparison, comparisons } from './comparisons.ts';

/** How right the predictions were, beside a simple baseline. */
export function Accuracy({ query }: { query: Query<AccuracyReport> }) {
  return (
    <Card
      title="Predicted against actual"
      note="Outcomes of this period, beside the baseline that knows nothing but the past rate"
      actions={
        <Link to={href(['models'])} class="button quiet small">
          Models
        </Link>
      }
    >
      <Loaded query={query}>
        {(report) =>
          report.resolved === 0 ? (
            <Empty title="No prediction has an outcome yet">
              <p>
                {report.awaiting > 0
                  ? `${plural(report.awaiting, 'prediction')} await their run.`
                  : 'Predictions begin with the next migration that is saved or checked.'}
              </p>
            </Empty>
          ) : (
            <>
              <DataTable
                caption="Predicted against actual"
                rows={comparisons(report)}
                keyOf={({ name }) => name}
                columns={[
                  { head: 'Figure', cell: ({ name, about }) => <span title={about}>{name}</span> },
                  { head: 'Ours', cell: ({ ours }) => ours, numeric: true },
                  { head: 'Baseline', cell: ({ baseline }) => baseline ?? '–', numeric: true },
                  { head: 'So', cell: (one) => <Verdict comparison={one} /> },
                ]}
              />
              <p class="note accuracy-note">
                {count(report.resolved)} of {plural(report.predictions, 'prediction')} have an outcome
                {report.awaiting > 0 && `, ${count(report.awaiting)} await theirs`}
                {report.abstained > 0 && `, ${count(report.abstained)} abstained`}
                {report.estimated.accuracy !== undefined &&
                  report.estimated.awaiting > 0 &&
                  `; of those that await it, ${percent(report.estimated.accuracy)} are expected to be right`}
                {report.failure.auroc !== undefined &&
                  `; area under the ROC curve ${figure(report.failure.auroc)}`}
                .
              </p>
            </>
          )
        }
      </Loaded>
    </Card>
  );
}

function Verdict({ comparison: { better, verdict } }: { comparison: Comparison }) {
  return <span class={better === false ? 'text-error' : better ? 'text-ok' : ''}>{verdict}</span>;
}
