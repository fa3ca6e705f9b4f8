/**
 * `npm run measure:service -- DIR…`: what the AI service said of each migration of a repository before it ran in the
 * import's shadow, beside running averages of what came before. In order of the import, nothing from the future; both
 * are judged on the migrations of which the service spoke.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { allEvents } from '../core/contract/client.ts';
import { isType } from '../core/contract/event.ts';
import { calibrationError } from '../core/learn/curves.ts';
import { exampleOf } from '../core/learn/examples.ts';
import { dominantGroup } from '../core/learn/features.ts';
import { auc, brier } from '../core/learn/metrics.ts';
import { DataFolder } from '../core/node/data-folder.ts';
import { Session } from '../core/node/engine/session.ts';
import { importRepository } from '../core/node/import/import-repository.ts';
import { median } from '../core/numbers.ts';

const table: Record<string, object> = {};
for (const root of process.argv.slice(2)) table[basename(resolve(root))] = await measured(root);
console.table(table);

async function measured(root: string) {
  const path = mkdtempSync(join(tmpdir(), 'aibos-service-'));
  try {
    const folder = new DataFolder(path);
    const session = await Session.open(folder);
    const client = session.client();
    await importRepository({ root, folder, client });
    const events = await allEvents(client, { type: ['migration_execution', 'ai_prediction'] });
    await session.close('measured');
    return figures(events);
  } finally {
    rmSync(path, { recursive: true, force: true });
  }
}

function figures(events: Awaited<ReturnType<typeof allEvents>>) {
  const predictions = events.filter((event) => isType(event, 'ai_prediction'));
  const about = new Map(predictions.map(({ data }) => [`${data.modelId} ${data.file}`, data]));
  const failed: boolean[] = [];
  const said: { service: number; averages: number }[] = [];
  const errors: { service: number; averages: number }[] = [];
  /** Of kinds that the averages had seen fewer than five times, and say nothing of. */
  const added: number[] = [];
  const durations = new Map<string, number[]>();
  let [runs, failures, timed] = [0, 0, 0];
  for (const event of events) {
    if (!isType(event, 'migration_execution')) continue;
    const example = exampleOf(event);
    if (example.failed === undefined) continue;
    const chance = about.get(`error-prediction ${event.data.file}`);
    if (chance?.failureProbability !== undefined && !chance.abstained) {
      failed.push(example.failed);
      said.push({ service: chance.failureProbability, averages: (failures + 0.15) / (runs + 5) });
    }
    runs++;
    if (example.failed) failures++;
    if (example.failed || !example.durationMs) continue;
    const group = dominantGroup(example);
    const known = durations.get(group) ?? [];
    const range = about.get(`performance-prediction ${event.data.file}`)?.durationMs;
    const off = (ms: number, actual: number) => Math.abs(Math.log10(actual / ms));
    timed++;
    if (range && known.length < 5) added.push(off(range.p50, example.durationMs));
    if (range && known.length >= 5)
      errors.push({
        service: off(range.p50, example.durationMs),
        averages: off(median(known), example.durationMs),
      });
    durations.set(group, [...known, example.durationMs]);
  }
  const round = (value: number) => Number(value.toFixed(3));
  const of = (who: 'service' | 'averages') => said.map((one) => one[who]);
  return {
    migrations: said.length,
    failed: failed.filter(Boolean).length,
    auroc: round(auc(of('service'), failed)),
    aurocAverages: round(auc(of('averages'), failed)),
    brier: round(brier(of('service'), failed)),
    brierAverages: round(brier(of('averages'), failed)),
    calibrationError: round(calibrationError(of('service'), failed)),
    calibrationErrorAverages: round(calibrationError(of('averages'), failed)),
    highest: round(Math.max(...of('service'))),
    timed,
    durations: errors.length,
    error: round(median(errors.map(({ service }) => service))),
    errorAverages: round(median(errors.map(({ averages }) => averages))),
    added: added.length,
    errorAdded: round(median(added)),
  };
}
