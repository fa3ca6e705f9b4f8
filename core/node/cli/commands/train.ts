/** `aibos train [MODEL…]`: trains the models, shows how far it is, and says who won and how each does on its hold-out. */
import type { TelemetryClient } from '../../../contract/client.ts';
import { TelemetryError } from '../../../contract/errors.ts';
import { MODEL_IDS, type ModelId, type TrainingResult } from '../../../contract/model.ts';
import type { ModelVersion } from '../../../contract/training.ts';
import { percent } from '../../../report/format.ts';
import type { Style } from '../../../report/summary-text.ts';
import { type GlobalOptions, withClient } from '../context.ts';
import { EXIT, ProgressLine, print, printJson, terminalStyle } from '../output.ts';

const LOOK_EVERY_MS = 200;

export async function trainCommand(models: string[], options: GlobalOptions): Promise<number> {
  const unknown = models.find((model) => !(MODEL_IDS as readonly string[]).includes(model));
  if (unknown) {
    throw new TelemetryError(
      'invalid-request',
      `There is no model ${unknown}; there are ${MODEL_IDS.join(', ')}.`,
    );
  }
  const params = models.length === 0 ? {} : { models: models as ModelId[] };
  return withClient(options, async (client) => {
    const { results } = await withProgress(client, client.call('models.train', params));
    if (options.format === 'json') printJson({ results });
    else for (const result of results) print(await resultText(client, result, terminalStyle()));
    return EXIT.done;
  });
}

/** Says on stderr what the engine is at, as long as it trains. */
async function withProgress<T>(client: TelemetryClient, training: Promise<T>): Promise<T> {
  const line = new ProgressLine();
  let over = false;
  const end = () => {
    over = true;
  };
  training.then(end, end);
  while (!over) {
    const { running } = await client.call('training.status', {});
    if (running?.step && !over) line.show(`${percent(running.progress)}  ${running.step}`);
    await Promise.race([
      training.catch(() => undefined),
      new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS)),
    ]);
  }
  line.done('');
  return training;
}

async function resultText(client: TelemetryClient, result: TrainingResult, style: Style): Promise<string> {
  const { model, activated, trained, message, durationMs } = result;
  const mark = activated ? style.good('✓') : style.dim('·');
  const said = `${mark} ${style.bold(model.name)}: ${message} ${style.dim(`(${durationMs} ms)`)}`;
  if (!trained) return said;
  const { items } = await client.call('models.versions', { id: model.id });
  const version = items.find((one) => one.model.version === model.version);
  return [said, ...(version ? contestLines(version, style) : [])].join('\n');
}

/** What each candidate reached, and how the challenger did against the champion. */
function contestLines({ candidates, contest }: ModelVersion, style: Style): string[] {
  const width = Math.max(0, ...candidates.map(({ algorithm }) => algorithm.length));
  const lines =
    candidates.length < 2
      ? []
      : candidates.map(({ algorithm, metrics, trainMs, chosen }) => {
          const figures = Object.entries(metrics).map(([name, value]) => `${name} ${value}`);
          const text = `${algorithm.padEnd(width)}  ${figures.join(', ')}, ${trainMs} ms`;
          return chosen ? `    ${style.good('›')} ${text}` : `      ${style.dim(text)}`;
        });
  if (!contest) return lines;
  const { low, median, high } = contest.difference;
  const verdict = contest.won ? 'won' : 'did not win';
  return [
    ...lines,
    style.dim(
      `      ${verdict} against version ${contest.champion}: better by ${median} (${low} to ${high}); ${contest.rule}`,
    ),
  ];
}
