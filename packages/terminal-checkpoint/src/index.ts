export { CHECKPOINT_BYTES_MAX, TITLE_CHARACTERS_MAX } from "./checkpoint-writer.ts";
export type { BufferDescription, SavedCursorDescription, TerminalDescription } from "./describe.ts";
export { useSameUnicode } from "./same-terminal.ts";
export {
  CHECKPOINT_SCROLLBACK_LINES,
  restoreModel,
  TerminalModel,
  type TerminalModelOptions,
} from "./terminal-model.ts";
export { WholeUtf8 } from "./whole-utf8.ts";
