/** Who may talk to the server: host and origin checks against DNS rebinding and foreign pages, token and session. */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { TelemetryError } from '../../contract/errors.ts';
import type { Role } from '../../contract/methods.ts';

const LOCAL_NAMES = new Set(['127.0.0.1', 'localhost', '[::1]']);
const COOKIE = 'aibos_session';
/** Sign-ins with a wrong code before the server stops listening to them. */
const MOST_WRONG_CODES = 20;

/** Throws `misdirected-request` for a Host, `forbidden` for an Origin, that is not this machine's. */
export function checkOrigin(request: FastifyRequest): void {
  const host = request.headers.host ?? '';
  if (!LOCAL_NAMES.has(host.replace(/:\d+$/, ''))) {
    throw new TelemetryError(
      'misdirected-request',
      `This server answers for localhost only, not for ${host || 'no host'}.`,
    );
  }
  const { origin } = request.headers;
  if (origin !== undefined && origin !== `http://${host}`) {
    throw new TelemetryError('forbidden', `Pages of ${origin} may not use this server.`);
  }
}

/**
 * The keys of one server: the API token, and browser sessions. A browser gets its session by a code that stands behind
 * the `#` of the address that the terminal prints, so it reaches no log and no other server, and is not the token.
 */
export class Keys {
  readonly #token: Buffer;
  readonly #code = randomBytes(16).toString('base64url');
  readonly #sessions = new Set<string>();
  #wrongCodes = 0;

  constructor(token: string) {
    this.#token = Buffer.from(token);
  }

  /** For the address that a person opens; good while the server runs. */
  get code(): string {
    return this.#code;
  }

  /** The role of a request's token or session. Throws `unauthenticated` without a good one. */
  roleOf(request: FastifyRequest): Role {
    const [scheme, given = ''] = (request.headers.authorization ?? '').split(' ');
    if (scheme?.toLowerCase() === 'bearer' && this.#isToken(given)) return 'admin';
    const cookie = cookieOf(request);
    if (cookie !== undefined && this.#sessions.has(cookie)) return 'admin';
    throw new TelemetryError(
      'unauthenticated',
      'Send the token as “Authorization: Bearer …”; npx aibos doctor says where it is.',
    );
  }

  /** The cookie of a new session. Throws `unauthenticated` for a wrong code, `too-many-requests` after many. */
  signIn(codeOrToken: string): string {
    if (this.#wrongCodes >= MOST_WRONG_CODES) {
      throw new TelemetryError('too-many-requests', 'Too many wrong codes; start the server again.');
    }
    if (!same(Buffer.from(codeOrToken), Buffer.from(this.#code)) && !this.#isToken(codeOrToken)) {
      this.#wrongCodes++;
      throw new TelemetryError(
        'unauthenticated',
        'That code is not from this server. Open the address it printed last.',
      );
    }
    const session = randomBytes(24).toString('base64url');
    this.#sessions.add(session);
    return `${COOKIE}=${session}; Path=/; HttpOnly; SameSite=Strict`;
  }

  #isToken(given: string): boolean {
    return same(Buffer.from(given), this.#token);
  }
}

/** Compares in constant time for equal lengths. */
function same(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

function cookieOf(request: FastifyRequest): string | undefined {
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim().split('='));
  return pairs.find(([name]) => name === COOKIE)?.[1];
}
