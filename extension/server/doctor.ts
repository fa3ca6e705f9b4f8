/** The doctor, as lines for the log: what `aibos doctor` looks at, without what concerns the terminal only. */
import type { Connection } from 'vscode-languageserver/node';
import { examine, type Finding } from '../../core/node/cli/commands/doctor.ts';
import { type Answer, DOCTOR, type DoctorParams } from '../protocol.ts';
import { answered } from './method-calls.ts';

/** Answers {@link DOCTOR}. */
export function serveDoctor(connection: Connection, dataDir: () => string): void {
  connection.onRequest<Answer<string[]>, void>(DOCTOR, ({ editor }: DoctorParams) =>
    answered(async () => {
      const findings = await examine({ dataDir: dataDir() });
      return linesOf([{ name: 'editor', state: 'ok', detail: editor }, ...findings]);
    }),
  );
}

const MARKS: Record<Finding['state'], string> = { ok: '✓', missing: '·', broken: '✗' };

/** The editor shows the dashboard itself. */
const NOT_HERE = 'desktop app';

function linesOf(all: readonly Finding[]): string[] {
  const findings = all.filter(({ name }) => name !== NOT_HERE);
  const width = Math.max(...findings.map(({ name }) => name.length));
  return findings.flatMap(({ name, state, detail, fix }) => [
    `${MARKS[state]} ${name.padEnd(width)}  ${detail}`,
    ...(fix && state === 'broken' ? [`  ${' '.repeat(width)}  → ${fix}`] : []),
  ]);
}
