/** Makes scheduled reports when their time has come. */
import type { Call } from '../../report/make.ts';
import type { Reports } from '../../report/reports.ts';

const EVERY_MS = 60_000;

/** Looks now and every minute; what was missed while nothing ran is made at the next start. The result ends it. */
export function runSchedules(reports: Reports, call: Call): () => void {
  let running = false;
  const look = async () => {
    if (running) return;
    running = true;
    // A file of schedules that cannot be read is said where schedules are listed.
    await reports.runDue(call).catch(() => undefined);
    running = false;
  };
  void look();
  const timer = setInterval(() => void look(), EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}
