// For tests: a thread that dies, hangs or takes all memory when told to.
import { parentPort } from "node:worker_threads";

parentPort.on("message", (message) => {
  const order = message.kind === "output" ? new TextDecoder().decode(message.bytes) : "";
  if (order === "die") throw new Error("told to");
  const eaten = [];
  while (order === "eat") eaten.push(new Array(1_000_000).fill(1));
});
