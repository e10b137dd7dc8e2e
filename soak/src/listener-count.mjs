/**
 * Loaded into the server's process before the server (node --import): on SIGWINCH, which does nothing else there, writes how
 * many listeners all event emitters and abort signals have that are still reachable, as one number, into a file.
 */
import { EventEmitter, getEventListeners } from "node:events";
import { renameSync, writeFileSync } from "node:fs";
import { Session } from "node:inspector";
import { isMainThread } from "node:worker_threads";

const file = process.env.SOAK_LISTENERS_FILE ?? "";

/** Where the debugger's protocol, which alone finds all objects of a kind, can reach them. */
globalThis.soakListeners = {
  prototypes: [EventEmitter.prototype, AbortSignal.prototype],
  count(/** @type {unknown[]} */ found) {
    return found.reduce((/** @type {number} */ sum, one) => sum + listenersOf(one), 0);
  },
};

function listenersOf(/** @type {unknown} */ one) {
  try {
    if (one instanceof AbortSignal) return getEventListeners(one, "abort").length;
    if (!(one instanceof EventEmitter)) return 0;
    return one.eventNames().reduce((sum, name) => sum + one.listenerCount(name), 0);
  } catch {
    return 0; // a prototype, not an object of its kind
  }
}

/** Collects garbage first, so that only what is reachable is found. */
function countAll() {
  const session = new Session();
  session.connect();
  let sum = 0;
  const withResult = (
    /** @type {string} */ method,
    /** @type {object} */ given,
    /** @type {(answer: any) => void} */ then,
  ) =>
    session.post(method, given, (error, answer) => {
      if (error) throw new Error(`${method}: ${JSON.stringify(error)}`);
      then(answer);
    });
  for (const index of globalThis.soakListeners.prototypes.keys())
    withResult("Runtime.evaluate", { expression: `soakListeners.prototypes[${index}]` }, ({ result }) =>
      withResult("Runtime.queryObjects", { prototypeObjectId: result.objectId }, ({ objects }) =>
        withResult(
          "Runtime.callFunctionOn",
          {
            objectId: objects.objectId,
            functionDeclaration: "function () { return soakListeners.count(this); }",
            returnByValue: true,
          },
          (answer) => {
            sum += answer.result.value;
          },
        ),
      ),
    );
  session.disconnect();
  return sum;
}

if (isMainThread && file !== "")
  process.on("SIGWINCH", () => {
    writeFileSync(`${file}.new`, String(countAll()));
    renameSync(`${file}.new`, file);
  });
