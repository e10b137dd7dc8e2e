/**
 * Work that takes longer than a frame, a step with each turn of the event loop: keys and frames come in between.
 *
 * @param done once, with what the steps gave, unless it was stopped before
 * @returns stops it
 */
export function inSteps<Result>(
  steps: Iterator<unknown, Result>,
  done: (result: Result) => void = () => {},
): () => void {
  let isStopped = false;
  setTimeout(function next() {
    if (isStopped) return;
    const step = steps.next();
    if (step.done) done(step.value);
    else setTimeout(next);
  });
  return () => {
    isStopped = true;
  };
}
