/**
 * Errors that cross a process and come back as themselves.
 *
 * Every error that a caller can act on is a {@link TelemetryError} with a code. On the wire it is an RFC 9457
 * problem document; a client turns it back into a `TelemetryError` with the same code and fields.
 * The schemas of both stand in problem.ts, so that what only throws or catches loads no schema library.
 */
import type { FieldError, Problem } from './problem.ts';

/** HTTP status and title of each error code. */
export const errorCodes = {
  'invalid-request': { status: 400, title: 'The request is not valid' },
  'invalid-json': { status: 400, title: 'The body is not valid JSON' },
  'invalid-utf8': { status: 400, title: 'The body is not valid UTF-8' },
  unauthenticated: { status: 401, title: 'A token is needed' },
  forbidden: { status: 403, title: 'Not allowed' },
  'not-found': { status: 404, title: 'Not found' },
  'method-not-allowed': { status: 405, title: 'Method not allowed' },
  conflict: { status: 409, title: 'Conflict' },
  'body-too-large': { status: 413, title: 'The body is too large' },
  'unsupported-media-type': { status: 415, title: 'Send application/json' },
  'misdirected-request': { status: 421, title: 'Unknown host' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  overloaded: { status: 429, title: 'The engine is busy' },
  internal: { status: 500, title: 'Something went wrong in the engine' },
  'storage-failed': { status: 503, title: 'The event could not be stored' },
  unavailable: { status: 503, title: 'The engine is not available' },
} as const;
export type ErrorCode = keyof typeof errorCodes;

const TYPE_PREFIX = 'urn:aibos:problem:';

export interface ErrorDetails {
  errors?: FieldError[];
  retryAfterSeconds?: number;
  cause?: unknown;
}

/** An error with a code that says what to do about it. */
export class TelemetryError extends Error {
  override readonly name = 'TelemetryError';
  readonly code: ErrorCode;
  readonly errors: FieldError[];
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.errors = details.errors ?? [];
    this.retryAfterSeconds = details.retryAfterSeconds;
  }

  /** Whether `error` is a TelemetryError, of this code where one is given; holds across bundles and realms. */
  static is(error: unknown, code?: ErrorCode): error is TelemetryError {
    const named = error instanceof Error && error.name === 'TelemetryError' && 'code' in error;
    return named && (code === undefined || error.code === code);
  }

  /** `error` itself where it is a TelemetryError, else an `internal` one with its message. */
  static from(error: unknown): TelemetryError {
    if (TelemetryError.is(error)) return error;
    const message = error instanceof Error ? error.message : String(error);
    return new TelemetryError('internal', message, { cause: error });
  }

  get status(): number {
    return errorCodes[this.code].status;
  }

  /** The problem document of this error; `instance` names the request. */
  toProblem(instance?: string): Problem {
    return {
      type: TYPE_PREFIX + this.code,
      title: errorCodes[this.code].title,
      status: this.status,
      detail: this.message,
      ...(instance === undefined ? {} : { instance }),
      ...(this.errors.length === 0 ? {} : { errors: this.errors }),
      ...(this.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: this.retryAfterSeconds }),
    };
  }

  /** The error a problem document stands for; anything that is none becomes `unavailable` with what is known. */
  static fromProblem(body: unknown, status: number): TelemetryError {
    const problem = (typeof body === 'object' && body !== null ? body : {}) as Partial<Problem>;
    const code = String(problem.type ?? '').slice(TYPE_PREFIX.length);
    const known = code in errorCodes ? (code as ErrorCode) : 'unavailable';
    const details: ErrorDetails = {};
    if (problem.errors) details.errors = problem.errors;
    if (problem.retryAfterSeconds !== undefined) details.retryAfterSeconds = problem.retryAfterSeconds;
    return new TelemetryError(known, problem.detail ?? `The engine answered with status ${status}.`, details);
  }
}
