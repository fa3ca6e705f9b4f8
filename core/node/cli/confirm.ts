/** Asks before something is run on a database: nothing on one's own machine, once where it is not known, twice in production. */
import { createInterface } from 'node:readline/promises';
import { TelemetryError } from '../../contract/errors.ts';
import type { Badge } from '../../database/environment.ts';
import type { Style } from '../../report/summary-text.ts';
import { type Address, shownAddress } from '../database/address.ts';

export interface Consent {
  /** Name of the production database that a program means. */
  yesProduction?: string | undefined;
}

/** `PRODUCTION  postgres://app@db.example.com/shop  (the host is called …)`. */
export function badgeText({ environment, reason }: Badge, address: Address, style: Style): string {
  const name = environment.toUpperCase();
  const shown = environment === 'production' ? style.bad(style.bold(name)) : style.bold(name);
  return `${shown}  ${shownAddress(address)}  ${style.dim(`(${reason})`)}`;
}

/** Throws `forbidden` where the answer was no, or where nobody can be asked. */
export async function confirmRun(
  badge: Badge,
  address: Address,
  what: string,
  consent: Consent,
): Promise<void> {
  const { environment } = badge;
  const name = address.database;
  if (environment === 'production') {
    if (consent.yesProduction !== undefined) {
      if (consent.yesProduction === name) return;
      throw new TelemetryError(
        'forbidden',
        `--yes-production names ${consent.yesProduction}, but this database is ${name}. Nothing was run.`,
      );
    }
    requireTerminal(`Run by a program, production needs --yes-production ${name}. Nothing was run.`);
    await ask(`Run ${what} on PRODUCTION? Type yes to go on: `, 'yes');
    await ask(`Once more: type the name of the database (${name}): `, name);
  } else if (environment === 'unknown' && process.stdin.isTTY) {
    await ask(`Run ${what} on ${shownAddress(address)}? Type yes to go on: `, 'yes');
  }
}

function requireTerminal(message: string): void {
  if (!process.stdin.isTTY) throw new TelemetryError('forbidden', message);
}

async function ask(question: string, expected: string): Promise<void> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = (await lines.question(question)).trim();
    if (answer !== expected)
      throw new TelemetryError('forbidden', `The answer was not “${expected}”. Nothing was run.`);
  } finally {
    lines.close();
  }
}
