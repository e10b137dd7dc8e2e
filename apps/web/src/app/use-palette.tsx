/** The palette on the workspace page: opens at its chord, closes before what was chosen happens, remembers commands. */
import { RECENT_COMMANDS_MAX } from "@causeway/wire-contract/preferences";
import type { UnheldSession, UnheldSessions } from "@causeway/wire-contract/unheld-sessions";
import type { QueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { Palette } from "../features/palette/palette.tsx";
import type { PaletteSource } from "../features/palette/palette-groups.ts";
import type { ActionId, Keymap } from "../features/workspace/keymap.ts";
import type { Workspace } from "../features/workspace/workspace.ts";
import { useConsole } from "./console-context.ts";
import type { OpenParts } from "./palette-sources.ts";
import type { TerminalSession } from "./terminal-feature.ts";

interface PaletteState {
  isOpen: boolean;
  open(query?: string): void;
  close(): void;
  /** @param sources made only while it is open */
  show(sources: () => readonly PaletteSource[], scope: string, keymap: Keymap): ReactNode;
}

export function usePalette(goHome: () => void): PaletteState {
  const [query, setQuery] = useState<string>();
  return {
    isOpen: query !== undefined,
    open: (initial = "") => setQuery(initial),
    close: () => setQuery(undefined),
    show: (sources, scope, { platform }) =>
      query !== undefined && (
        <OpenPalette
          query={query}
          sources={sources}
          scope={scope}
          splitCaps={platform === "mac" ? ["⌘", "↵"] : ["Ctrl", "↵"]}
          close={() => {
            setQuery(undefined);
            goHome();
          }}
        />
      ),
  };
}

interface OpenProps {
  query: string;
  sources(): readonly PaletteSource[];
  scope: string;
  splitCaps: readonly string[];
  close(): void;
}

function OpenPalette({ query, sources, scope, splitCaps, close }: OpenProps) {
  // as it was when it opened: rows must not move under the finger
  const [found] = useState(sources);
  return (
    <Palette
      sources={found}
      initialQuery={query}
      scope={scope}
      splitCaps={splitCaps}
      onCancel={close}
      onChoose={(entry, how) => {
        close();
        if (how === "details") entry.details?.();
        else entry.choose(how);
      }}
    />
  );
}

/** What is open, as the palette names it. */
export function openPanes(workspace: Workspace<TerminalSession>): OpenParts {
  return {
    state: workspace.store.getState(),
    titleOf: ({ key }) => workspace.registry.get(key)?.getStatus().title,
    sessionOf: ({ key }) => workspace.registry.get(key)?.getStatus().session?.awsSessionId,
    activate: (paneKey) => workspace.activatePane(paneKey),
  };
}

/** What the page of other sessions in AWS was told last: the palette itself asks AWS nothing. */
export function knownUnheld(queries: QueryClient): UnheldSession[] {
  return queries
    .getQueriesData<UnheldSessions>({ queryKey: ["unheld-sessions"] })
    .flatMap(([, lists]) => (lists === undefined ? [] : [...lists.startedHere, ...lists.others]));
}

/** Commands run from the palette are offered first, in every browser of this person. */
export function useRecentCommands(): { recent: readonly string[]; remember(id: ActionId): void } {
  const app = useConsole();
  return {
    recent: app.preferences.getParts().palette?.recent ?? [],
    remember: (id) =>
      void app.preferences.changeParts((before) => {
        const others = before.palette?.recent.filter((other) => other !== id) ?? [];
        return { ...before, palette: { recent: [id, ...others].slice(0, RECENT_COMMANDS_MAX) } };
      }, true),
  };
}
