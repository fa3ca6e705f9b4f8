/**
 * Forecasts of failure as they turned out here: a line through their log-odds, fitted to what has been seen (Platt 1999), drawn
 * towards “believe the forecast” by a normal prior. With nothing seen it changes nothing.
 */
import { calibrated, fitLine, type LinePrior, type PlattScaling } from '../learn/algorithms/calibration.ts';
import { clamp } from '../numbers.ts';

/** The usual rate counts as so many runs that were seen; how far forecasts lie apart was measured, and is held more firmly. */
const USUAL_RUNS = 5;
const SLOPE_SD = 0.25;
/** What happened long ago says little of now. */
const NEWEST = 500;
/** Nothing is certain. */
const LEAST = 0.001;
const MOST = 0.99;

export class RunningCalibration {
  /** Log-odds at which the offset acts alone: of what is usual. */
  readonly #usual: number;
  readonly #prior: LinePrior;
  readonly #scores: number[] = [];
  readonly #failed: number[] = [];
  #line: PlattScaling | undefined;

  /** @param usual probability of failure where nothing speaks for or against it */
  constructor(usual: number) {
    this.#usual = logOdds(usual);
    const sd = 1 / Math.sqrt(USUAL_RUNS * usual * (1 - usual));
    this.#prior = { offset: { mean: this.#usual, sd }, slope: { mean: 1, sd: SLOPE_SD } };
  }

  /** Takes a forecast that turned out. */
  observe(forecast: number, failed: boolean): void {
    this.#scores.push(this.#scoreOf(forecast));
    this.#failed.push(Number(failed));
    if (this.#scores.length > NEWEST) {
      this.#scores.shift();
      this.#failed.shift();
    }
    this.#line = undefined;
  }

  /** What a forecast means here. */
  probability(forecast: number): number {
    const { offset, slope } = this.#prior;
    this.#line ??= fitLine(
      this.#scores,
      this.#failed,
      { offset: offset.mean, slope: slope.mean },
      this.#prior,
    );
    return calibrated(this.#line, this.#scoreOf(forecast));
  }

  #scoreOf(forecast: number): number {
    return logOdds(clamp(forecast, LEAST, MOST)) - this.#usual;
  }
}

function logOdds(p: number): number {
  return Math.log(p / (1 - p));
}
