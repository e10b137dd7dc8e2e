/** Around a terminal: the bar for finding text, and the menu of the right mouse button. */
import { type ReactNode, useState } from "react";
import type { MenuPlace } from "../../ui/context-menu.tsx";
import { SearchBar } from "./search/search-bar.tsx";
import type { SessionCore } from "./session-core.ts";
import { TerminalMenu } from "./terminal-menu.tsx";
import type { TerminalStatus } from "./terminal-types.ts";

interface Props {
  session: SessionCore;
  status: TerminalStatus;
  /** Key caps of the chord for Find. */
  findKeys: readonly string[];
  /** The terminal itself. */
  children: ReactNode;
}

/** A longer selection is text to read, not what one looks for. */
const SOUGHT_CHARS_MAX = 100;

export function TextTools({ session, status, findKeys, children }: Props) {
  const [place, setPlace] = useState<MenuPlace>();
  const { tools } = session;
  if (tools === undefined) return children;
  const selected = tools.selection();
  return (
    <div
      className="text-tools"
      role="group"
      aria-label={`Terminal of ${session.target.instanceName}`}
      onContextMenu={(event) => {
        // with Shift it is the browser's; a program that has the mouse got this click
        if (event.shiftKey || event.target instanceof HTMLInputElement) return;
        event.preventDefault();
        if (!tools.hasMouse()) setPlace({ x: event.clientX, y: event.clientY });
      }}
    >
      {children}
      {status.search !== undefined && (
        <SearchBar
          search={tools.search}
          instanceName={session.target.instanceName}
          initialText={selected.includes("\n") || selected.length > SOUGHT_CHARS_MAX ? "" : selected}
          asked={status.search}
          onClose={() => session.closeSearch()}
        />
      )}
      {place && (
        <TerminalMenu
          session={session}
          tools={tools}
          place={place}
          findKeys={findKeys}
          onClosed={(isKeyboardTaken) => {
            setPlace(undefined);
            if (!isKeyboardTaken) session.focus();
          }}
        />
      )}
    </div>
  );
}
