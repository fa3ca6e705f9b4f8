/**
 * The one way into the engine, whatever carried the call: checks the role and the params, opens the trace, leaves the
 * audit entry, calls the handler.
 */
import type { AuditedCall } from '../audit/audit-trail.ts';
import type { CallContext } from '../contract/client.ts';
import { TelemetryError } from '../contract/errors.ts';
import {
  METHOD_NAMES,
  type MethodName,
  methods,
  type Params,
  type Result,
  ROLES,
  type Role,
} from '../contract/methods.ts';
import type { AITelemetryEngine } from '../engine/ai-telemetry-engine.ts';
import { check } from '../events/validate.ts';
import type { Trace } from '../trace/trace.ts';
import { handlersOf } from './handlers.ts';

export interface Caller extends CallContext {
  role: Role;
  /** How the call came in, for the audit: `http`, `socket`, `in-process`. */
  via: string;
  /** Pseudonym of who calls; whoever runs the engine where nothing is said. */
  user?: string;
}

export type Dispatch = <M extends MethodName>(
  method: M,
  params: Params<M>,
  caller: Caller,
) => Promise<Result<M>>;

/** Throws `forbidden` where a role may not call a method. */
export function checkRole(method: MethodName, has: Role): void {
  const { role } = methods[method];
  if (ROLES.indexOf(has) < ROLES.indexOf(role))
    throw new TelemetryError('forbidden', `${method} needs the role ${role}; this token has ${has}.`);
}

/** Rejects with a TelemetryError: `forbidden`, `invalid-request`, or whatever the handler has to say. */
export function dispatcher(engine: AITelemetryEngine, trace: Trace): Dispatch {
  const handlers = handlersOf(engine);
  return async (method, params, caller) => {
    if (!METHOD_NAMES.includes(method))
      throw new TelemetryError('not-found', `There is no method ${method}.`);
    const { params: schema, audited, secret = [] } = methods[method];
    checkRole(method, caller.role);
    if (method !== 'events.record') {
      const checked = check(schema, params);
      if (!checked.ok) throw invalidParams(checked.errors);
    }
    const { role, via, user, ...context } = caller;
    return trace.run(context, async () => {
      if (!audited) return handlers[method](params);
      const call = { method, role, via, user: user ?? engine.me, params: without(secret, params) };
      const audit = (result: string) => engine.audit.record(unlessErased({ ...call, result }));
      const result = await handlers[method](params).catch(async (error: unknown) => {
        // What went wrong with the call is what its sender is told first.
        await audit(TelemetryError.is(error) ? error.code : 'failed').catch(() => undefined);
        throw error;
      });
      await audit('done');
      return result;
    });
  };
}

function without(secret: readonly string[], params: unknown): unknown {
  if (secret.length === 0) return params;
  return Object.fromEntries(Object.entries(params as object).filter(([name]) => !secret.includes(name)));
}

/** An order to erase a person does not name that person, else the order itself would have to go. */
function unlessErased({ user, params, ...call }: AuditedCall): AuditedCall {
  const { user: person, workspace, ...rest } = (params ?? {}) as { user?: unknown; workspace?: unknown };
  if (call.method !== 'privacy.erase') return { ...call, user, params };
  const about = {
    ...(person === undefined ? {} : { user: '(a person)' }),
    ...(workspace === undefined ? {} : { workspace: '(a workspace)' }),
  };
  return { ...call, user: person === user ? undefined : user, params: { ...about, ...rest } };
}

function invalidParams(errors: { pointer: string; message: string }[]): TelemetryError {
  const said = errors.map(({ pointer, message }) => `${pointer || 'the body'} ${message}`).join('; ');
  return new TelemetryError('invalid-request', `${said.charAt(0).toUpperCase()}${said.slice(1)}.`, {
    errors,
  });
}
