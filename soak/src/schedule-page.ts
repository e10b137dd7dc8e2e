/** What a schedule does with a page and looks at, whether a browser is behind it or not. */
import type { PageRole } from "./soak-page.ts";
import type { TypedKeys } from "./typed-keys.ts";

export interface SchedulePage {
  readonly role: PageRole;
  /** Its letter, which all its keys begin with. */
  readonly letter: string;
  readonly keys: TypedKeys;
  readonly isKilled: boolean;
  /** It has, or is on, a session. */
  readonly sessionId: string | undefined;
  /** The session is over for it, in words of the page; undefined: it is not. */
  readonly over: string | undefined;
  /** One line on how it is doing, for a report. */
  readonly state: string;
  /** Codes of notices that said something is missing. */
  readonly losses: readonly string[];
  /** All bytes of the log, when it was given all of them. */
  readonly wholeLog: Buffer | undefined;
  /** The last output, as text. */
  readonly tail: string;
  /** The program said that it has begun, or has finished. */
  readonly hasBegun: boolean;
  readonly hasFinished: boolean;
  /** Keys reach the server, and nobody is asked. */
  readonly isFlowing: boolean;

  /** All lines of its terminal. */
  text(): Promise<string>;
  typeText(text: string): void;
  typeKeys(count: number, enter: boolean): Promise<void>;
  typeLastKey(): void;
  /** Its computer slept so long. */
  sleep(ms: number): void;
  /** The browser says that its network is back. */
  sayOnline(): void;
  /** The browser's process is killed. */
  kill(): void;
}
