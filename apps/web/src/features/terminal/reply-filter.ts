/**
 * Tells what the emulator emits in answer to output from what a person did.
 *
 * The emulator has one outlet for both. Answers to queries leave it while it parses the query, so a hook on every query
 * sequence marks the rest of that task: nothing a person does can happen before the task ends. Focus reports (mode 1004)
 * leave it on focus and blur; no key or mouse report has their bytes. Everything else is human: keys, IME, mouse reports,
 * also keys whose bytes look like a report (F3 with a modifier is `CSI 1;2R`, as a cursor report may be).
 *
 * Source of the list: @xterm/xterm 6.0.0, src/common/InputHandler.ts and src/browser/CoreBrowserTerminal.ts (every
 * `triggerDataEvent` without user input); DA3, XTVERSION, XTGETTCAP, kitty keyboard and colour-scheme queries are hooked
 * as well, so that an emulator that learns to answer them does not type into shells.
 */

interface FunctionId {
  prefix?: string;
  intermediates?: string;
  final: string;
}

/** The part of xterm.js that is needed; the browser and the headless build both have it. */
export interface QueryingTerminal {
  readonly parser: {
    registerCsiHandler(id: FunctionId, callback: (params: (number | number[])[]) => boolean): Disposable;
    registerDcsHandler(id: FunctionId, callback: (data: string, params: (number | number[])[]) => boolean): Disposable;
    registerOscHandler(ident: number, callback: (data: string) => boolean): Disposable;
    registerEscHandler(id: FunctionId, handler: () => boolean): Disposable;
  };
  readonly modes: { readonly sendFocusMode: boolean };
}

interface Disposable {
  dispose(): void;
}

/** `reply`: answers live output; `stale`: answers replayed output, or nobody asked; `human`: a person did it. */
export type Emitted = "human" | "reply" | "stale";

const CSI_QUERIES: readonly FunctionId[] = [
  { final: "c" }, // DA1
  { prefix: ">", final: "c" }, // DA2
  { prefix: "=", final: "c" }, // DA3
  { final: "n" }, // DSR, CPR
  { prefix: "?", final: "n" }, // private DSR, DECXCPR, colour scheme
  { intermediates: "$", final: "p" }, // DECRQM
  { prefix: "?", intermediates: "$", final: "p" }, // DECRQM, private modes
  { prefix: ">", final: "q" }, // XTVERSION
  { final: "t" }, // window reports
  { final: "x" }, // DECREQTPARM
  { prefix: "?", final: "u" }, // kitty keyboard flags
  { prefix: "?", final: "S" }, // XTSMGRAPHICS
  { intermediates: "*", final: "y" }, // DECRQCRA
  { intermediates: "&", final: "u" }, // DECRQUPSS
  { intermediates: "$", final: "w" }, // DECRQPSR
];
const DCS_QUERIES: readonly FunctionId[] = [
  { intermediates: "$", final: "q" }, // DECRQSS
  { intermediates: "+", final: "q" }, // XTGETTCAP
];
/** 4 palette, 5 special colours, 10 to 19 dynamic colours, 21 kitty colours, 52 clipboard, 50 font, 99 notifications. */
const OSC_QUERIES: readonly number[] = [4, 5, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 21, 50, 52, 99];
const ESC_QUERIES: readonly FunctionId[] = [{ final: "Z" }]; // DECID

const FOCUS_MODE = 1004;
const FOCUS_IN = "\x1b[I";
const FOCUS_OUT = "\x1b[O";

export class ReplyFilter {
  readonly #terminal: QueryingTerminal;
  readonly #isParsingLive: () => boolean;
  readonly #hooks: Disposable[] = [];
  #answering: "no" | "live" | "replayed" = "no";
  /** Focus reports were asked for by live output; asked for by replayed output, they would be answers to a replay. */
  #isFocusLive = false;
  #lastFocus = "";

  /** @param isParsingLive asked inside a hook: do the bytes being parsed lie beyond the head named on attach? */
  constructor(terminal: QueryingTerminal, isParsingLive: () => boolean) {
    this.#terminal = terminal;
    this.#isParsingLive = isParsingLive;
    const { parser } = terminal;
    const mark = (): boolean => this.#mark();
    for (const id of CSI_QUERIES) this.#hooks.push(parser.registerCsiHandler(id, mark));
    for (const id of DCS_QUERIES) this.#hooks.push(parser.registerDcsHandler(id, mark));
    for (const id of OSC_QUERIES) this.#hooks.push(parser.registerOscHandler(id, mark));
    for (const id of ESC_QUERIES) this.#hooks.push(parser.registerEscHandler(id, mark));
    this.#hooks.push(
      parser.registerCsiHandler({ prefix: "?", final: "h" }, (params) => this.#setModes(params, true)),
      parser.registerCsiHandler({ prefix: "?", final: "l" }, (params) => this.#setModes(params, false)),
    );
  }

  /** Called for everything the emulator emits, at the moment it does. */
  classify(data: string): Emitted {
    if (data === FOCUS_IN || data === FOCUS_OUT) return this.#classifyFocus(data);
    if (this.#answering === "no") return "human";
    return this.#answering === "live" ? "reply" : "stale";
  }

  dispose(): void {
    for (const hook of this.#hooks.splice(0)) hook.dispose();
  }

  /**
   * Setting the mode makes this emulator report at once; nobody asked (other terminals do not), so that is only the
   * state from which changes are counted.
   */
  #classifyFocus(data: string): Emitted {
    if (this.#answering === "no" && !this.#terminal.modes.sendFocusMode) return "human";
    const isChange = this.#answering === "no" && data !== this.#lastFocus;
    this.#lastFocus = data;
    return isChange && this.#isFocusLive ? "reply" : "stale";
  }

  #setModes(params: readonly (number | number[])[], isSet: boolean): boolean {
    if (!params.includes(FOCUS_MODE)) return false;
    this.#isFocusLive = isSet && this.#isParsingLive();
    this.#lastFocus = "";
    return isSet ? this.#mark() : false;
  }

  /** @returns false: the emulator's own handler goes on and answers, still in this task */
  #mark(): boolean {
    this.#answering = this.#isParsingLive() ? "live" : "replayed";
    queueMicrotask(() => {
      this.#answering = "no";
    });
    return false;
  }
}
