/**
 * What was predicted of each saved version of a migration, as `ai_prediction` events: once a version, never while it is
 * typed. One about the whole, and where it has several statements one about each that is at risk, so that outcomes and
 * answers find them.
 */
import { readFileSync } from 'node:fs';
import type { CheckedStatement } from '../../../core/check/result.ts';
import type { EventInput } from '../../../core/contract/event.ts';
import { uuidV7Source } from '../../../core/events/ids.ts';
import type { DataFolder } from '../../../core/node/data-folder.ts';
import type { Session } from '../../../core/node/engine/session.ts';
import { nodePlatform } from '../../../core/node/platform.ts';
import { replaceFile } from '../../../core/node/store/durable-file.ts';
import { VERSION as PROGRAM } from '../../../core/node/version.ts';
import { significant } from '../../../core/numbers.ts';
import { EDITOR_SOURCE } from '../recording/save-events.ts';
import type { Judged } from './messages.ts';
import { chanceOfAny, hasOwnPrediction, whyItMayFail } from './wording.ts';

/** The version of a file that predictions were recorded of. */
interface Recorded {
  hash: string;
  /** By index of the statement; `whole` for the migration. */
  ids: Record<string, string>;
}

const WHOLE = 'whole';
const MOST_REASONS = 10;
/** Of a model that nobody trained: it is these rules, in this program. */
const MODEL = 'error-prediction';
const MODEL_VERSION = `check-${PROGRAM}`;

export class Predictions {
  readonly #newId = uuidV7Source(nodePlatform);
  readonly #known = new Map<string, Recorded>();
  readonly #folder: () => DataFolder;

  constructor(folder: () => DataFolder) {
    this.#folder = folder;
  }

  /** The prediction about a statement or the whole of this very text; undefined where none was recorded. */
  idOf(
    { hash, path, file }: Judged,
    workspace: string | undefined,
    statement: number | undefined,
  ): string | undefined {
    if (path === undefined || workspace === undefined) return undefined;
    const recorded = this.#recorded(workspace, path);
    if (recorded?.hash !== hash) return undefined;
    return recorded.ids[statement === undefined || file.statements.length === 1 ? WHOLE : statement];
  }

  /** Records what was predicted of a saved version, unless it is the one that was recorded last. True where it did. */
  async record(judged: Judged, workspace: string, session: Session): Promise<boolean> {
    const { path, hash } = judged;
    if (path === undefined || judged.file.statements.length === 0) return false;
    if (this.#recorded(workspace, path)?.hash === hash) return false;
    const { events, ids } = predictionEvents(judged, workspace, this.#newId);
    await session.client().call('events.record', { events });
    this.#keep(workspace, path, { hash, ids });
    return true;
  }

  #recorded(workspace: string, path: string): Recorded | undefined {
    const place = this.#place(workspace, path);
    const known = this.#known.get(place) ?? stored(place);
    if (known) this.#known.set(place, known);
    return known;
  }

  #keep(workspace: string, path: string, recorded: Recorded): void {
    const place = this.#place(workspace, path);
    this.#known.set(place, recorded);
    replaceFile(place, [nodePlatform.encodeUtf8(JSON.stringify(recorded))]);
  }

  #place(workspace: string, path: string): string {
    const digest = nodePlatform.sha256(`${workspace}\n${path}`).slice(0, 24);
    const folder = this.#folder();
    folder.folder('cache', 'editor');
    return folder.in('cache', 'editor', `${digest}-predictions.json`);
  }
}

function stored(place: string): Recorded | undefined {
  try {
    const { hash, ids } = JSON.parse(readFileSync(place, 'utf8')) as Partial<Recorded>;
    return typeof hash === 'string' && typeof ids === 'object' && ids !== null ? { hash, ids } : undefined;
  } catch {
    return undefined;
  }
}

/** The events of one version, and the ids that they have. Pure but for the ids. */
export function predictionEvents(
  judged: Judged,
  workspace: string,
  newId: () => string,
): { events: EventInput<'ai_prediction'>[]; ids: Record<string, string> } {
  const { statements } = judged.file;
  const ids: Record<string, string> = {};
  const correlationId = newId();
  const event = (key: string, data: EventInput<'ai_prediction'>['data']): EventInput<'ai_prediction'> => {
    const id = newId();
    ids[key] = id;
    return { id, type: 'ai_prediction', source: EDITOR_SOURCE, data, metadata: { workspace, correlationId } };
  };
  const common = {
    modelId: MODEL,
    modelVersion: MODEL_VERSION,
    subject: judged.name.slice(0, 200),
    file: judged.path,
    dialect: judged.dialect,
    ...(judged.tool === undefined ? {} : { tool: judged.tool }),
    contentHash: judged.hash,
  };
  const chance = chanceOfAny(statements.map(({ failureProbability }) => failureProbability));
  const sum = (at: 'p10' | 'p50' | 'p90') =>
    significant(statements.reduce((total, { durationMs }) => total + durationMs[at], 0));
  const isOnly = statements.length === 1;
  const abstained = statements.length > 0 && statements.every((one) => one.abstained === true);
  const whole = event(WHOLE, {
    ...common,
    subjectType: 'migration',
    line: 1,
    failureProbability: significant(chance),
    durationMs: { p10: sum('p10'), p50: sum('p50'), p90: sum('p90') },
    confidence: confidenceOf(statements),
    basis: [...new Set(statements.flatMap(({ basis }) => basis))],
    reasons: [...new Set(statements.flatMap(reasonsOf))].slice(0, MOST_REASONS),
    ...(abstained ? { abstained } : {}),
    // Its run tells of the statement where it has no other; of several nobody knows which one took how long.
    ...(isOnly ? { learns: judged.learns[0] } : {}),
  });
  const risky = (isOnly ? [] : statements.filter(hasOwnPrediction)).map((statement) =>
    event(String(statement.index), {
      ...common,
      subjectType: 'statement',
      statement: statement.index,
      line: statement.line,
      failureProbability: significant(statement.failureProbability),
      durationMs: statement.durationMs,
      confidence: confidenceOf([statement]),
      basis: statement.basis,
      operations: statement.operations.slice(0, MOST_REASONS),
      reasons: reasonsOf(statement).slice(0, MOST_REASONS),
      learns: judged.learns[statement.index],
    }),
  );
  return { events: [whole, ...risky], ids };
}

/** How far the interval of the time is from saying nothing: one at a factor of one, none at a factor of ten thousand. */
function confidenceOf(statements: readonly CheckedStatement[]): number {
  const widest = Math.max(1, ...statements.map(({ durationMs: { p10, p90 } }) => p90 / Math.max(p10, 0.01)));
  return significant(Math.max(0, 1 - Math.log10(widest) / 4));
}

function reasonsOf(statement: CheckedStatement): string[] {
  const { reasons } = statement;
  const why = whyItMayFail(statement);
  return [
    ...(reasons ?? []),
    ...statement.findings.map(({ rule, message }) => `${rule}: ${message}`),
    ...(reasons || !why ? [] : [why]),
  ];
}
