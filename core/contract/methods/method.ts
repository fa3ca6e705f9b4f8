/** What a row of the method table is, and the parameters that many rows share. */
import Type, { type TSchema } from 'typebox';
import { Name, optional, Timestamp } from '../schema.ts';

/** Each role may do what the roles before it may do. */
export const ROLES = ['viewer', 'recorder', 'reviewer', 'admin'] as const;
export type Role = (typeof ROLES)[number];

export interface MethodSpec<P extends TSchema = TSchema, R extends TSchema = TSchema> {
  /** One sentence for people; heads the OpenAPI operation and the CLI help. */
  summary: string;
  /** `:name` segments of `path` come from the params; the rest is the query of a GET, the JSON body of a POST. */
  rest: { verb: 'GET' | 'POST'; path: `/${string}`; status: 200 | 201 };
  /** Least role that may call it. */
  role: Role;
  /** Whether each call leaves an audit entry. */
  audited: boolean;
  /** Params that are used and never kept, not even in the audit. */
  secret?: readonly string[];
  params: P;
  result: R;
}

export function method<P extends TSchema, R extends TSchema>(spec: MethodSpec<P, R>): MethodSpec<P, R> {
  return spec;
}

/** A row that only reads, open to everyone with a key. */
export function reading<P extends TSchema, R extends TSchema>(
  summary: string,
  path: `/${string}`,
  params: P,
  result: R,
): MethodSpec<P, R> {
  const rest = { verb: 'GET', path, status: 200 } as const;
  return { summary, rest, role: 'viewer', audited: false, params, result };
}

/** A row that changes something: audited, and only for `role` and above. */
export function changing<P extends TSchema, R extends TSchema>(
  role: Role,
  summary: string,
  path: `/${string}`,
  params: P,
  result: R,
): MethodSpec<P, R> {
  const rest = { verb: 'POST', path, status: 200 } as const;
  return { summary, rest, role, audited: true, params, result };
}

export const page = {
  limit: optional(
    Type.Integer({ minimum: 1, maximum: 500, description: 'at most this many; 50 if not given' }),
  ),
  cursor: optional(Type.String({ maxLength: 100, description: 'nextCursor of the page before' })),
};

export const timeframe = {
  from: optional(Timestamp),
  to: optional(Timestamp),
  workspace: optional(Name),
};
