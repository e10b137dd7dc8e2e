/** Runs jobs, several at once: schedules mostly wait. */

/** Calls `run` for every job, at most `atOnceMax` at a time, in order; stops taking new ones when one throws. */
export async function sideBySide<J>(
  jobs: readonly J[],
  atOnceMax: number,
  run: (job: J) => Promise<void>,
): Promise<void> {
  const waiting = [...jobs];
  const worker = async () => {
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) await run(job);
  };
  await Promise.all(Array.from({ length: Math.min(atOnceMax, jobs.length) }, worker));
}
