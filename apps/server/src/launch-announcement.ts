import { rmSync } from "node:fs";
import { join } from "node:path";
import type { LaunchSecretReason } from "./identity/index.ts";
import { replacePrivateFile } from "./platform/private-file.ts";

/** Where the printed link goes: to the terminal, or without one to a file only this user can read. Never to the log. */
export interface LaunchAnnouncement {
  announce(secret: string, why: LaunchSecretReason): void;
  /** Takes back what a reader could still find. */
  close(): void;
}

export interface LaunchAnnouncementDeps {
  dataDir: string;
  /** Address people open, without a trailing slash. */
  origin(): string;
  /** Writes a line to the terminal; undefined: there is none. */
  terminal: ((line: string) => void) | undefined;
}

const HEADINGS: Readonly<Record<LaunchSecretReason, string | undefined>> = {
  start: "Causeway is ready. Open this link (it works once, for 10 minutes; press Enter for a fresh one):",
  asked: "A fresh link (it works once, for 10 minutes):",
  used: "The link was used. The next one, for another browser:",
  // Nobody is waiting for it: Enter makes a fresh one when somebody is.
  expired: undefined,
};

export function launchAnnouncement(deps: LaunchAnnouncementDeps): LaunchAnnouncement {
  const path = join(deps.dataDir, "launch-url");
  // A link of an earlier run is of no use and would only mislead.
  rmSync(path, { force: true });
  return {
    announce(secret, why) {
      const url = `${deps.origin()}/#${secret}`;
      if (deps.terminal === undefined) {
        replacePrivateFile(path, `${url}\n`);
        return;
      }
      const heading = HEADINGS[why];
      if (heading !== undefined) deps.terminal(`${heading}\n\n    ${url}\n`);
    },
    close: () => rmSync(path, { force: true }),
  };
}
