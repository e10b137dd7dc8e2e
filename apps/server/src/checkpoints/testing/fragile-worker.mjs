// For tests: the thread as it is, but the emulator throws when it meets "poison".
import { register } from "tsx/esm/api";

register();
const { TerminalModel } = await import("@causeway/terminal-checkpoint");
const { write } = TerminalModel.prototype;
TerminalModel.prototype.write = function (bytes) {
  if (Buffer.from(bytes).includes("poison")) throw new TypeError("told to");
  return write.call(this, bytes);
};
await import("../checkpoint-worker.ts");
