import type { Agreement } from '../../core/contract/prediction.ts';
import { count, figure, percent, plural } from '../format/numbers.ts';
import { Link } from '../routing/link.tsx';
import { href } from '../routing/router.ts';
import { useClient } from '../state/host.ts';
import { useQuery } from '../state/query.ts';
import { workspace } from '../state/timeframe.ts';
import { Card } from '../ui/card.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { Empty } from '../ui/states.tsx';

/** How far people who judged the same say the same: what no model can do better than. */
export function AgreementView() {
  const client = useClient();
  const chosen = workspace.value;
  const query = useQuery(`agreement ${chosen}`, () =>
    client.call('feedback.agreement', chosen ? { workspace: chosen } : {}),
  );
  return (
    <Loaded query={query} lines={6}>
      {(agreement) => <Judged agreement={agreement} />}
    </Loaded>
  );
}

function Judged({
  agreement: { people, judgedTwice, agreed, kappa, disagreements },
}: {
  agreement: Agreement;
}) {
  if (judgedTwice === 0)
    return (
      <Card title="Agreement between people">
        <Empty title="Nothing was judged by two people yet">
          <p>
            {people === 0 ? 'Nobody has' : `${plural(people, 'person has', 'people have')}`} answered so far.
            Where two judge the same, this page says how far they agree.
          </p>
        </Empty>
      </Card>
    );
  return (
    <div class="models">
      <Card title="Agreement between people" note="Over right and wrong, of what at least two people judged">
        <dl class="totals">
          <Total name="People" value={count(people)} />
          <Total name="Judged twice" value={count(judgedTwice)} />
          <Total name="Agreed" value={`${count(agreed)} (${percent(agreed / judgedTwice)})`} />
          <Total name="Fleiss’ kappa" value={kappa === undefined ? '–' : figure(kappa)} />
        </dl>
        <p class="note">{kappaText(kappa)}</p>
      </Card>
      <Card title="Where people disagree" note="Another answer settles these">
        {disagreements.length === 0 ? (
          <Empty title="They agree on everything" />
        ) : (
          <DataTable
            caption="Where people disagree"
            rows={disagreements}
            shown={20}
            keyOf={({ eventId }) => eventId}
            columns={[
              {
                head: 'What',
                cell: ({ title, eventId }) => <Link to={href(['events'], { event: eventId })}>{title}</Link>,
                class: 'subject',
              },
              {
                head: 'Right, say',
                cell: ({ answers }) => names(answers, true),
              },
              {
                head: 'Wrong, say',
                cell: ({ answers }) => names(answers, false),
              },
            ]}
          />
        )}
      </Card>
    </div>
  );
}

function Total({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function names(answers: Agreement['disagreements'][number]['answers'], right: boolean): string {
  return answers
    .filter((answer) => answer.right === right)
    .map(({ user }) => user)
    .join(', ');
}

/** Words for kappa after Landis and Koch (1977). */
function kappaText(kappa: number | undefined): string {
  if (kappa === undefined) return 'Kappa needs both answers, right and wrong, to be given.';
  const words =
    kappa < 0
      ? 'less than chance would give'
      : kappa <= 0.2
        ? 'slight'
        : kappa <= 0.4
          ? 'fair'
          : kappa <= 0.6
            ? 'moderate'
            : kappa <= 0.8
              ? 'substantial'
              : 'almost perfect';
  return `1 is full agreement, 0 is chance; this is ${words} (Landis and Koch).`;
}
