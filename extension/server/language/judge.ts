/** Judges documents on the schema that the files before them leave, and answers what hangs on that schema. */
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import type { AnalysedFile, FileToCheck } from '../../../core/check/analysed.ts';
import type { CheckOptions } from '../../../core/check/check.ts';
import type { Catalogue } from '../../../core/effects/catalogue.ts';
import { runsOf } from '../../../core/node/check/shadow-runs.ts';
import { loadParsers } from '../../../core/node/parsers.ts';
import type { FileVerdict } from '../../../core/shadow/verdict.ts';
import { readStatistics } from '../../../core/statistics/read.ts';
import { StatisticsIndex } from '../../../core/statistics/statistics.ts';
import { WorkspaceFolders } from '../workspace.ts';
import { Cancelled, type IsCancelled, KeptHistory } from './kept-history.ts';
import type { Judged, LanguageSettings, TableFigures } from './messages.ts';
import { OwnPredictor } from './own-predictor.ts';
import { PrismaSchemas } from './prisma.ts';
import { type OpenText, type Standing, Standings } from './standing.ts';

/** A history may be kept at so many places at a time, for files that are open side by side. */
const MOST_PLACES = 3;
/** Going this far is cheaper than keeping another place. */
const NEAR = 25;
/** Larger files are data; the editor shows nothing about them. */
const MOST_CHARACTERS = 2_000_000;

export class Judge {
  readonly open = new Map<string, OpenText>();
  readonly #folders = new WorkspaceFolders();
  readonly #standings = new Standings(this.#folders, this.open);
  readonly #prisma = new PrismaSchemas();
  readonly #ownPredictor = new OwnPredictor();
  readonly #verdicts = new Map<string, { text: string; verdict: FileVerdict }>();
  readonly #kept = new Map<string, KeptHistory[]>();
  readonly #log: (message: string) => void;
  #settings: LanguageSettings = { folders: [] };
  #statistics: { stamp: string; index: StatisticsIndex | undefined } | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(log: (message: string) => void) {
    this.#log = log;
  }

  configure(settings: LanguageSettings): void {
    this.#settings = settings;
    this.#folders.set(settings.folders);
    this.#kept.clear();
    this.#statistics = undefined;
  }

  text(document: OpenText): void {
    this.open.set(document.uri, document);
  }

  closed(uri: string): void {
    this.open.delete(uri);
    this.#verdicts.delete(uri);
  }

  /** What the shadow said of a version; passed over where the text has changed since. */
  verdict(uri: string, version: number, verdict: FileVerdict): void {
    const document = this.open.get(uri);
    if (document?.version === version) this.#verdicts.set(uri, { text: document.text, verdict });
  }

  /** Undefined for what is no migration, or too large. */
  async judge(uri: string, isCancelled: IsCancelled): Promise<Judged | undefined> {
    if (uri.endsWith('.prisma')) return this.#prismaSchema(uri, isCancelled);
    return this.at(uri, isCancelled, (standing, history, document) => {
      if (!standing.isMigration) return undefined;
      const { file } = standing;
      const said = this.#verdicts.get(uri);
      const verdict = said?.text === document.text ? said.verdict : undefined;
      return history.attempt((checker) => {
        const before = new Set([...checker.catalogue(file.dialect).relations()].map(({ name }) => name));
        const analysed = checker.analyse(file);
        const predictor = this.#ownPredictor.current(this.#settings.dataFolder);
        const checked = checker.conclude(analysed, runsOf(verdict), predictor);
        const made = [...checker.catalogue(file.dialect).relations()]
          .filter(({ name, known }) => known && !before.has(name))
          .map(({ name }) => name);
        return {
          uri,
          version: document.version,
          hash: hashOf(document.text),
          name: file.name,
          ...(standing.tool === undefined ? {} : { tool: standing.tool }),
          dialect: file.dialect,
          ...(standing.path === undefined ? {} : { path: standing.path }),
          file: checked,
          places: placesOf(analysed),
          learns: analysed.statements.map(({ facts }) => predictor.learns(facts)),
          sizes: this.#sizesOf(
            checked.statements.flatMap(({ objects, locks, rewrites, scans }) => [
              ...objects,
              ...locks.map(({ relation }) => relation),
              ...rewrites,
              ...scans,
            ]),
          ),
          made,
          script: file.format.unanalysed !== undefined,
          ran: verdict !== undefined && verdict.unjudged === undefined,
        };
      });
    });
  }

  /** Does something where a document stands, with the schema before it. One after the other: they share the schema. */
  async at<T>(
    uri: string,
    isCancelled: IsCancelled,
    work: (standing: Standing, history: KeptHistory, document: OpenText) => T,
  ): Promise<T | undefined> {
    const turn = this.#turn.then(async () => {
      const document = this.open.get(uri);
      if (!document || document.text.length > MOST_CHARACTERS) return undefined;
      if (isCancelled()) throw new Cancelled();
      await loadParsers();
      const standing = await this.#standings.of(document);
      if (!standing) return undefined;
      const history = this.#historyFor(standing);
      await history.seek(standing.before, isCancelled);
      return work(standing, history, document);
    });
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  /** The schema that a document meets at an offset: behind the statements that end before it. */
  schemaAt<T>(
    standing: Standing,
    history: KeptHistory,
    offset: number,
    read: (catalogue: Catalogue) => T,
  ): T {
    const { file } = standing;
    const upTo: FileToCheck = { ...file, text: file.text.slice(0, offset) };
    return history.attempt((checker) => {
      checker.apply(upTo);
      return read(checker.catalogue(file.dialect));
    });
  }

  size(relation: string): TableFigures | undefined {
    const found = this.statistics()?.table(relation);
    return found && { rows: found.rows, bytes: found.bytes };
  }

  /** Read again when the file has changed. A file that cannot be read is said once. */
  statistics(): StatisticsIndex | undefined {
    const path = this.#settings.statisticsFile;
    if (!path) return undefined;
    const { size, mtimeMs } = statSync(path, { throwIfNoEntry: false }) ?? {};
    const stamp = `${size} ${mtimeMs}`;
    if (this.#statistics?.stamp === stamp) return this.#statistics.index;
    let index: StatisticsIndex | undefined;
    try {
      index = new StatisticsIndex(readStatistics(readFileSync(path, 'utf8'), path));
    } catch (error) {
      this.#log(`${path}: ${error instanceof Error ? error.message : error}`);
    }
    this.#statistics = { stamp, index };
    this.#kept.clear();
    return index;
  }

  async #prismaSchema(uri: string, isCancelled: IsCancelled): Promise<Judged | undefined> {
    const document = this.open.get(uri);
    const place = this.#folders.placeOf(uri);
    if (!document || !place) return undefined;
    const findings = await this.#prisma.findings(place, this.#standings.reader(place.root), isCancelled);
    return {
      uri,
      version: document.version,
      hash: hashOf(document.text),
      name: place.path,
      dialect: 'unknown',
      path: place.path,
      file: { path: place.path, statements: [], findings },
      places: [],
      learns: [],
      sizes: {},
      made: [],
      script: true,
      ran: false,
    };
  }

  #historyFor({ history, before }: Standing): KeptHistory {
    const statistics = this.statistics();
    const places = this.#kept.get(history) ?? [];
    this.#kept.set(history, places);
    const nearest = places.toSorted((a, b) => a.distance(before) - b.distance(before))[0];
    const isFar = nearest === undefined || nearest.distance(before) > NEAR;
    if (nearest && (!isFar || nearest.isUnfinished || places.length >= MOST_PLACES)) return nearest;
    const { serverVersion } = this.#settings;
    const options: CheckOptions = {
      ...(serverVersion === undefined ? {} : { serverVersion }),
      ...(statistics ? { statistics } : {}),
    };
    const made = new KeptHistory(options);
    places.push(made);
    return made;
  }

  #sizesOf(relations: readonly string[]): Record<string, TableFigures> {
    return Object.fromEntries(
      [...new Set(relations)].flatMap((relation) => {
        const size = this.size(relation);
        return size ? [[relation, size]] : [];
      }),
    );
  }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function placesOf({ statements }: AnalysedFile) {
  return statements.map(({ statement: { start, end } }) => ({ start, end }));
}
