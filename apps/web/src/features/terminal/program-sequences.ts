/** What programs say beside their text, taken out of the emulator's parser: clipboard, progress, title, bell. */
import type { Terminal } from "@xterm/xterm";
import { programCopy } from "./output/program-clipboard.ts";
import { programProgress } from "./output/program-progress.ts";
import type { SurfaceEvents } from "./surface.ts";

type ProgramEvents = Pick<
  SurfaceEvents,
  "isParsingLive" | "settings" | "onProgramCopy" | "onProgress" | "onBell" | "onTitle"
>;

/** For as long as the terminal lives: its parser goes with it. */
export function listenToPrograms(terminal: Terminal, events: ProgramEvents): void {
  terminal.parser.registerOscHandler(52, (data) => {
    const text = events.isParsingLive() ? programCopy(data) : undefined; // what is shown again is not meant again
    if (text !== undefined) events.onProgramCopy(text);
    return true;
  });
  terminal.parser.registerOscHandler(9, (data) => {
    const progress = programProgress(data);
    if (progress !== undefined) events.onProgress(progress === "gone" ? undefined : progress);
    return true;
  });
  terminal.onBell(() => {
    if (events.isParsingLive() && events.settings().bell) events.onBell();
  });
  terminal.onTitleChange((title) => events.onTitle(title));
}
