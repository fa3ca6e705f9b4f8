/** `aibos train [MODEL…]`: trains the models and says how each does on its hold-out. */
import { TelemetryError } from '../../../contract/errors.ts';
import { MODEL_IDS, type ModelId } from '../../../contract/model.ts';
import { type GlobalOptions, withClient } from '../context.ts';
import { EXIT, print, printJson, terminalStyle } from '../output.ts';

export async function trainCommand(models: string[], options: GlobalOptions): Promise<number> {
  const unknown = models.find((model) => !(MODEL_IDS as readonly string[]).includes(model));
  if (unknown) {
    throw new TelemetryError(
      'invalid-request',
      `There is no model ${unknown}; there are ${MODEL_IDS.join(', ')}.`,
    );
  }
  const params = models.length === 0 ? {} : { models: models as ModelId[] };
  const { results } = await withClient(options, (client) => client.call('models.train', params));
  if (options.format === 'json') {
    printJson({ results });
    return EXIT.done;
  }
  const style = terminalStyle();
  for (const { model, activated, message, durationMs } of results) {
    print(
      `${activated ? style.good('✓') : style.dim('·')} ${model.name}: ${message} ${style.dim(`(${durationMs} ms)`)}`,
    );
  }
  return EXIT.done;
}
