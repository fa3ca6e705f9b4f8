/** Signing in: the code that the terminal prints behind the `#` of the address becomes a session cookie. */
import { TelemetryError } from '../../core/contract/errors.ts';

/** The code in `#code=…`, in a whole address that ends so, or undefined. */
export function codeIn(text: string): string | undefined {
  return /#code=([\w-]+)\s*$/.exec(text)?.[1];
}

/** What a person pasted as a code: the code out of a whole address, else the text itself (a code or a token). */
export function pastedCode(text: string): string {
  return codeIn(text) ?? text.trim();
}

/** Rejects with `unauthenticated` for a wrong code or token, `too-many-requests` after many. */
export async function signIn(codeOrToken: string): Promise<void> {
  let response: Response;
  try {
    response = await fetch('/session', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code: codeOrToken }),
    });
  } catch (cause) {
    throw new TelemetryError('unavailable', 'The engine cannot be reached. Is aibos serve still running?', {
      cause,
    });
  }
  if (!response.ok)
    throw TelemetryError.fromProblem(await response.json().catch(() => undefined), response.status);
}
