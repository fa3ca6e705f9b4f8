/**
 * The one way into the engine, whatever carried the call: checks the role and the params, opens the trace, leaves the
 * audit entry, calls the handler.
 */
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
    const { params: schema, audited } = methods[method];
    checkRole(method, caller.role);
    if (method !== 'events.record') {
      const checked = check(schema, params);
      if (!checked.ok) throw invalidParams(checked.errors);
    }
    const { role: _role, via, ...context } = caller;
    return trace.run(context, async () => {
      if (!audited) return handlers[method](params);
      try {
        const result = await handlers[method](params);
        audit(engine, method, caller.role, via, 'done');
        return result;
      } catch (error) {
        audit(engine, method, caller.role, via, TelemetryError.is(error) ? error.code : 'failed');
        throw error;
      }
    });
  };
}

function invalidParams(errors: { pointer: string; message: string }[]): TelemetryError {
  const said = errors.map(({ pointer, message }) => `${pointer || 'the body'} ${message}`).join('; ');
  return new TelemetryError('invalid-request', `${said.charAt(0).toUpperCase()}${said.slice(1)}.`, {
    errors,
  });
}

function audit(engine: AITelemetryEngine, method: MethodName, role: Role, via: string, result: string): void {
  engine.forward({
    type: 'security_event',
    source: 'engine:telemetry-engine',
    data: {
      kind: 'audit',
      severity: 'info',
      message: `${method} by ${role}: ${result}`,
      method,
      role,
      via,
      result,
    },
  });
}
