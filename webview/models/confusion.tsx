import type { FailureAccuracy } from '../../core/contract/accuracy.ts';
import { count, percent, plural } from '../format/numbers.ts';
import { Card } from '../ui/card.tsx';

/** What was called a failure, a probability of 50 % or more, against what failed. */
export function ConfusionMatrix({ confusion }: { confusion: FailureAccuracy['confusion'] }) {
  const { truePositive, falsePositive, trueNegative, falseNegative } = confusion;
  const total = truePositive + falsePositive + trueNegative + falseNegative;
  const cell = (value: number, right: boolean, meaning: string) => (
    <td class={`confusion-cell ${right ? 'confusion-right' : 'confusion-wrong'}`}>
      <strong>{count(value)}</strong>
      <span>
        {meaning}
        {total > 0 && `, ${percent(value / total)}`}
      </span>
    </td>
  );
  return (
    <Card title="Confusion matrix" note={`A failure is called at 50 % or more; ${plural(total, 'outcome')}`}>
      <table class="confusion">
        <caption class="visually-hidden">What was called against what happened</caption>
        <thead>
          <tr>
            <td />
            <th scope="col">Called a failure</th>
            <th scope="col">Called a success</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">Failed</th>
            {cell(truePositive, true, 'found')}
            {cell(falseNegative, false, 'missed')}
          </tr>
          <tr>
            <th scope="row">Succeeded</th>
            {cell(falsePositive, false, 'false alarms')}
            {cell(trueNegative, true, 'rightly quiet')}
          </tr>
        </tbody>
      </table>
    </Card>
  );
}
