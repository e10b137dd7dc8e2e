/** Opening a shell on a listed instance: asks first for what must be said, or what the person wants to say. */
import type { Me } from "@causeway/wire-contract/identity";
import type { SessionDocuments } from "@causeway/wire-contract/session-documents";
import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import type { ListedInstance } from "../features/instances/instance-index.ts";
import type { AccountDocuments } from "../features/workspace/document-choice.tsx";
import { StartDialog } from "../features/workspace/start-dialog.tsx";
import type { OpenHow, SaidAtStart, Workspace } from "../features/workspace/workspace.ts";
import { useConsole } from "./console-context.ts";
import { addRecent } from "./list-choices.ts";
import { browserClock, type TerminalSession } from "./terminal-feature.ts";
import { refToStore } from "./use-list-choices.ts";

/** Whoever opens several shells in a row is not kept waiting by each, in milliseconds. */
const DOCUMENTS_FRESH_MS = 60_000;

export interface Opening {
  open(instance: ListedInstance, how: OpenHow): void;
  /** Another session, with what is said at its start; undefined where nothing can be said. */
  openWith: ((instance: ListedInstance) => void) | undefined;
  dialog: ReactNode;
}

export function useOpening(me: Me, workspace: Workspace<TerminalSession>, onOpened: () => void): Opening {
  const app = useConsole();
  const { sessionStart } = me;
  const [starting, setStarting] = useState<{ instance: ListedInstance; how: OpenHow }>();
  const documents = useQuery({
    queryKey: ["session-documents", starting?.instance.identityId, starting?.instance.region],
    queryFn: ({ signal }) => {
      if (starting === undefined) throw new Error("not reached: asked only while somebody chooses");
      return app.api.sessionDocuments(starting.instance, signal);
    },
    enabled: starting !== undefined && sessionStart.accountDocuments,
    staleTime: DOCUMENTS_FRESH_MS,
    retry: false,
  });
  const openSaying = (instance: ListedInstance, how: OpenHow, said?: SaidAtStart): void => {
    onOpened();
    void app.preferences.change(addRecent({ ...refToStore(instance), openedAt: browserClock.nowMs() }));
    workspace.open(instance, instance.region, how, said);
  };
  const open = (instance: ListedInstance, how: OpenHow): void => {
    const goesThere = how === "go" && workspace.hasPaneOn(instance, instance.region);
    // "go" to an instance without a pane opens one, with what is said there
    if (sessionStart.reason === "required" && !goesThere) setStarting({ instance, how: how === "go" ? "new" : how });
    else openSaying(instance, how);
  };
  const hasSomethingToSay =
    sessionStart.reason !== "off" || sessionStart.documents.length > 1 || sessionStart.accountDocuments;
  return {
    open,
    openWith: hasSomethingToSay ? (instance) => setStarting({ instance, how: "new" }) : undefined,
    dialog: starting && (
      <StartDialog
        instanceName={starting.instance.name}
        rules={sessionStart}
        account={sessionStart.accountDocuments ? accountDocumentsOf(documents) : undefined}
        onOpen={(said) => {
          setStarting(undefined);
          openSaying(starting.instance, starting.how, said);
        }}
        onCancel={() => {
          setStarting(undefined);
          workspace.focusActive();
        }}
      />
    ),
  };
}

function accountDocumentsOf({ data, error }: UseQueryResult<SessionDocuments>): AccountDocuments {
  if (data !== undefined) return { kind: "known", found: data };
  return error === null ? { kind: "asking" } : { kind: "failed", error };
}
