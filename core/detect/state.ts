/** The saved form of a detector, and the check that it is one. */
import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { TelemetryError } from '../contract/errors.ts';
import { DEVIATION_KINDS } from './kind.ts';
import { RECENT } from './recent-values.ts';

/** Raised whenever a saved state would no longer give the same answers. */
export const STATE_VERSION = 1;

const figures = (count: number) => Type.Array(Type.Number(), { minItems: count, maxItems: count });
const maybe = Type.Union([Type.Number(), Type.Null()]);
const WITNESSES = 9;

const RangeState = Type.Object({ seen: Type.Number(), around: figures(3) });

const DetectorStateSchema = Type.Object({
  version: Type.Literal(STATE_VERSION),
  clock: maybe,
  longestWait: Type.Number(),
  low: maybe,
  high: maybe,
  quiet: Type.Number(),
  kind: Type.Union([Type.Null(), Type.Enum([...DEVIATION_KINDS])]),
  alarmLevel: Type.Number(),
  recent: Type.Array(Type.Number(), { maxItems: RECENT }),
  fromDay: Type.Array(Type.Number(), { maxItems: RECENT }),
  aroundLevel: RangeState,
  aroundDay: RangeState,
  times: Type.Object({ levels: figures(48), seen: figures(48) }),
  witnesses: Type.Array(
    Type.Object({
      seen: Type.Number(),
      mean: Type.Number(),
      variance: Type.Number(),
      quiet: Type.Number(),
      alarms: Type.Array(Type.Number()),
    }),
    { minItems: WITNESSES, maxItems: WITNESSES },
  ),
});
export type DetectorState = Static<typeof DetectorStateSchema>;

const compiled = Compile(DetectorStateSchema);

export function checkState(saved: unknown): DetectorState {
  if (compiled.Check(saved)) return saved;
  throw new TelemetryError(
    'invalid-request',
    `This is not a detector state of version ${STATE_VERSION}. Start without it: the detector learns the series anew.`,
  );
}
