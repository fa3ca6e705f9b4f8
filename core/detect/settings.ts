/**
 * The one frozen configuration of the detector. Each value is a round number in the middle of a range over which the
 * results hardly change; `npm run bench:anomaly -- --nab PATH` prints how much they do.
 */
export interface DetectorSettings {
  /** Values of a series before anything is judged. */
  warmUp: number;
  /** Values that mean and spread remember. Until then every value counts the same. */
  memory: number;
  /** Spreads up to which a distance counts in full; beyond it only its logarithm does, for heavy tails. */
  knee: number;
  /** The largest alarms of a series by which the next is measured. */
  alarmMemory: number;
  /** Made-up alarms that a new series starts with, and their size. */
  priorAlarms: number;
  priorAlarmSize: number;
  /** An alarm is repeated only for something so many times worse… */
  repeatFactor: number;
  /** …a demand that halves in so many hours. */
  calmHours: number;
  /** And in so many values, where the values carry no time: twelve hours of five minutes each. */
  calmValues: number;
  /** A new minimum or maximum counts in units of this part of the range so far. */
  rangeUnit: number;
  /** Days after which a time of day is used to predict, and weight of the newest day. */
  seasonDays: number;
  seasonWeight: number;
  /** Evidence at which the score is 0.5 and an alarm is given. */
  alarmLevel: number;
}

export const SETTINGS: Readonly<DetectorSettings> = {
  warmUp: 24,
  memory: 5000,
  knee: 2,
  alarmMemory: 25,
  priorAlarms: 4,
  priorAlarmSize: 4,
  repeatFactor: 1.5,
  calmHours: 12,
  calmValues: 144,
  rangeUnit: 0.005,
  seasonDays: 6,
  seasonWeight: 0.1,
  alarmLevel: 1.8,
};
