/** What can be done with the text of a terminal, where the pointer is. */
import { saveFile } from "../../lib/save-file.ts";
import { ContextMenu, ItemKeys, type MenuPlace } from "../../ui/context-menu.tsx";
import { MenuItem, MenuRule } from "../../ui/menu.tsx";
import { copySelection } from "./clipboard.ts";
import type { SessionCore } from "./session-core.ts";
import type { TerminalTools } from "./surface-tools.ts";
import { platformOf } from "./terminal-keys.ts";

interface Props {
  session: SessionCore;
  tools: TerminalTools;
  place: MenuPlace;
  /** Key caps of the chord for Find; empty: it has none. */
  findKeys: readonly string[];
  /** @param isKeyboardTaken what was chosen has the keyboard already */
  onClosed(isKeyboardTaken: boolean): void;
}

const isMac = (): boolean => platformOf(navigator.platform) === "mac";

export function TerminalMenu({ session, tools, place, findKeys, onClosed }: Props) {
  const { instanceName } = session.target;
  const hasSelection = tools.selection() !== "";
  const link = tools.hoveredLink();
  return (
    <ContextMenu place={place} onClosed={() => onClosed(session.getStatus().search !== undefined)}>
      {link && (
        <>
          <MenuItem icon="external" onSelect={() => session.openLink(link)}>
            Open link
          </MenuItem>
          <MenuItem icon="copy" onSelect={() => copySelection(link.uri)}>
            Copy link address
          </MenuItem>
          <MenuRule />
        </>
      )}
      <MenuItem icon="copy" disabled={!hasSelection} onSelect={() => tools.copy()}>
        Copy <ItemKeys caps={isMac() ? ["⌘", "C"] : ["Ctrl", "Shift", "C"]} />
      </MenuItem>
      <MenuItem onSelect={() => session.pasteFromClipboard()}>
        Paste <ItemKeys caps={isMac() ? ["⌘", "V"] : ["Ctrl", "Shift", "V"]} />
      </MenuItem>
      <MenuItem onSelect={() => tools.selectAll()}>Select all</MenuItem>
      <MenuItem icon="terminal" onSelect={() => session.commands.copyLastOutput()}>
        Copy the last output
      </MenuItem>
      <MenuRule />
      <MenuItem icon="search" onSelect={() => session.openSearch()}>
        Find… <ItemKeys caps={findKeys} />
      </MenuItem>
      <MenuItem icon="download" onSelect={() => saveFile(`${fileName(instanceName)}.txt`, tools.text(), "text/plain")}>
        Save as text
      </MenuItem>
      <MenuItem onSelect={() => saveFile(`${fileName(instanceName)}.html`, tools.html(instanceName), "text/html")}>
        Save as HTML, with colours
      </MenuItem>
    </ContextMenu>
  );
}

/** A name that every file system takes. */
function fileName(instanceName: string): string {
  return instanceName.replace(/[^\p{L}\p{N}._-]+/gu, "-").replace(/^[.-]+/, "") || "terminal";
}
