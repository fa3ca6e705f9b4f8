/** Requests to a test server, and what they answer. */
import type { Problem } from '../../../core/contract/problem.ts';
import type { TestServer } from '../../support/engine.ts';

export interface Answer {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
}

/** A POST with a JSON body, for `fetch`. */
export const json = (body: unknown) => ({
  method: 'POST',
  body: JSON.stringify(body),
  headers: { 'content-type': 'application/json' },
});

export async function post(server: TestServer, path: string, body: unknown): Promise<Answer> {
  return answerOf(await server.fetch(path, json(body)));
}

export async function get(server: TestServer, path: string): Promise<Answer> {
  return answerOf(await server.fetch(path));
}

async function answerOf(response: Response): Promise<Answer> {
  const body = (await response.json()) as Record<string, unknown>;
  return { status: response.status, headers: response.headers, body };
}

export const problem = (body: unknown) => body as Problem;

/** A valid event, with what is to be different. */
export const event = <E extends object>(extra = {} as E) => ({
  type: 'user_interaction',
  source: 'test',
  data: { action: 'x' },
  ...extra,
});
