import { useSyncExternalStore } from "react";
import { ShareFaces } from "../features/sharing/share-faces.tsx";
import type { SharingStore } from "../features/sharing/sharing-store.ts";
import type { TerminalRegistry } from "../features/workspace/terminal-registry.ts";
import { sharingOf, type TerminalSession } from "./terminal-feature.ts";

interface Props {
  registry: TerminalRegistry<TerminalSession>;
  paneKeys: readonly string[];
}

/** Who watches the terminals of one tab. */
export function TabFaces({ registry, paneKeys }: Props) {
  return paneKeys.map((key) => <PaneFaces key={key} registry={registry} paneKey={key} />);
}

function PaneFaces({ registry, paneKey }: { registry: TerminalRegistry<TerminalSession>; paneKey: string }) {
  const terminal = useSyncExternalStore(registry.subscribe, () => registry.get(paneKey));
  const store = terminal && sharingOf(terminal);
  return store ? <StoreFaces store={store} /> : null;
}

function StoreFaces({ store }: { store: SharingStore }) {
  return <ShareFaces people={useSyncExternalStore(store.subscribe, store.getView).people} />;
}
