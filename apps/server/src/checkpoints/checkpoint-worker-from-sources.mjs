// The thread's entry in development and tests. Node 20 gives a thread no loader for TypeScript, whatever its process has;
// the build makes a file of its own of checkpoint-worker.ts.
import { register } from "tsx/esm/api";

register();
await import("./checkpoint-worker.ts");
