/** `aibos journal inspect`: what is in the journal, and what is wrong with it. Reads only; an engine may be running. */
import { DataFolder } from '../../data-folder.ts';
import {
  type InspectedFrame,
  type InspectedSegment,
  inspectJournal,
} from '../../store/journal-inspection.ts';
import type { GlobalOptions } from '../context.ts';
import { EXIT, print, printJson, terminalStyle } from '../output.ts';

/** Ends with 1 where anything is damaged or cannot be read. */
export async function inspectJournalCommand(options: GlobalOptions & { frames?: boolean }): Promise<number> {
  const folder = new DataFolder(options.dataDir);
  const inspection = inspectJournal(folder.folder('journal'));
  const { segments, events, bytes, gaps, formatVersion } = inspection;
  const bad = segments.some(
    ({ damage, frames }) => damage.length > 0 || frames.some(({ problem }) => problem),
  );
  if (options.format === 'json') {
    const shown = segments.map(({ frames, ...segment }) => ({
      ...segment,
      frames: options.frames ? frames : frames.length,
    }));
    printJson({ ...inspection, segments: shown });
    return bad ? EXIT.found : EXIT.done;
  }
  print(
    `${folder.in('journal')}: format version ${formatVersion}, ${segments.length} segments, ${events} events, ${bytes} bytes`,
  );
  for (const segment of segments) printSegment(segment, options.frames ?? false);
  for (const [from, to] of gaps)
    print(`No event has the sequences ${from} to ${to}: a write failed there, or the frame is damaged.`);
  if (!bad) print(terminalStyle().good('Every frame is whole.'));
  return bad ? EXIT.found : EXIT.done;
}

function printSegment(
  { name, bytes, frames, events, firstSequence, lastSequence, damage }: InspectedSegment,
  each: boolean,
): void {
  const style = terminalStyle();
  const range = firstSequence === undefined ? '' : `, sequences ${firstSequence} to ${lastSequence}`;
  print(`${style.bold(name)}: ${bytes} bytes, ${frames.length} frames, ${events} events${range}`);
  for (const frame of frames) if (each || frame.problem) print(`  ${describe(frame)}`);
  for (const { start, end, place, reason } of damage)
    print(
      `  ${style.bad(`bytes ${start} to ${end}`)} ${place === 'tail' ? 'cut off' : 'unreadable'}: ${reason}`,
    );
}

function describe({ offset, bytes, kind, firstSequence, events, keyId, problem }: InspectedFrame): string {
  const key = keyId === undefined ? '' : `, key ${keyId}`;
  const why = problem ? `: ${problem}` : '';
  return `at ${offset}, ${bytes} bytes, ${kind}${key}, ${events} events from ${firstSequence}${why}`;
}
