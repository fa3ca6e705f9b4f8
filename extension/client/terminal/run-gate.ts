/**
 * One run is told once: a task that also shows in a terminal with shell integration ends twice. Runs wait here until a
 * twin would have come. Pure.
 */
import type { EndedCommand } from '../../../core/migrations/command/ended-command.ts';

/** Ends and starts of one process reach the editor within this time of each other on both ways. */
const APART_MS = 2_500;
const HOLD_MS = 1_500;

export class RunGate {
  readonly #tell: (run: EndedCommand) => void;
  readonly #wait: (work: () => void, ms: number) => { dispose(): void };
  readonly #held = new Map<EndedCommand, { dispose(): void }>();
  /** Told ones, as long as a twin may still come. */
  #told: EndedCommand[] = [];

  constructor(
    tell: (run: EndedCommand) => void,
    wait: (work: () => void, ms: number) => { dispose(): void },
  ) {
    this.#tell = tell;
    this.#wait = wait;
  }

  offer(run: EndedCommand): void {
    this.#told = this.#told.filter(
      ({ startedAt, durationMs }) => startedAt + durationMs > run.startedAt - APART_MS,
    );
    if (this.#told.some((told) => isTwin(told, run))) return;
    const twin = [...this.#held.keys()].find((held) => isTwin(held, run));
    if (!twin) {
      this.#hold(run);
      return;
    }
    this.#held.get(twin)?.dispose();
    this.#held.delete(twin);
    this.#hold(joined(twin, run));
  }

  /** Tells at once what is still held. */
  dispose(): void {
    for (const [run, timer] of this.#held) {
      timer.dispose();
      this.#tell(run);
    }
    this.#held.clear();
  }

  #hold(run: EndedCommand): void {
    const release = () => {
      this.#held.delete(run);
      this.#told.push(run);
      this.#tell(run);
    };
    this.#held.set(run, this.#wait(release, HOLD_MS));
  }
}

/** Only a task and a terminal are twins: the same command twice in a terminal is two runs. */
function isTwin(a: EndedCommand, b: EndedCommand): boolean {
  if ((a.confidence === 'task') === (b.confidence === 'task')) return false;
  if (Math.abs(a.startedAt - b.startedAt) > APART_MS) return false;
  const [one, other] = [plain(a.line), plain(b.line)];
  return one.includes(other) || other.includes(one);
}

function plain(line: string): string {
  return line
    .replace(/["'\\]/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}

/** The terminal knows the output, the task the exit code for sure. */
function joined(a: EndedCommand, b: EndedCommand): EndedCommand {
  const [task, terminal] = a.confidence === 'task' ? [a, b] : [b, a];
  return {
    ...task,
    folder: task.folder ?? terminal.folder,
    output: terminal.output,
    outputWhole: terminal.outputWhole,
    exitCode: task.exitCode ?? terminal.exitCode,
  };
}
