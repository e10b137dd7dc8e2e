import type { Me } from "@causeway/wire-contract/identity";
import { useEffect, useSyncExternalStore } from "react";
import { readSettingsFile, settingsFileText } from "../features/settings/settings-file.ts";
import { SettingsView } from "../features/settings/settings-view.tsx";
import { KeyTable, ResetKeys } from "../features/workspace/key-table.tsx";
import type { ChosenChords } from "../features/workspace/keymap.ts";
import { graphicsCard } from "../lib/graphics-card.ts";
import { saveFile } from "../lib/save-file.ts";
import { Keys } from "../ui/keys.tsx";
import { useConsole, useKeymap } from "./console-context.ts";
import { ForMe } from "./for-me.tsx";
import { SettingsProfile } from "./settings-profile.tsx";
import { SidePage } from "./side-page.tsx";

export function SettingsRoute() {
  return <ForMe>{(me, leave) => <SettingsPage me={me} onLeave={leave} />}</ForMe>;
}

/** What somebody may choose for herself, in force at once and in every browser of hers. */
function SettingsPage({ me, onLeave }: { me: Me; onLeave(): void }) {
  const app = useConsole();
  const settings = useSyncExternalStore(app.subscribeSettings, app.settings);
  // whoever comes here by its address has not been asked for yet what she chose
  useEffect(() => void app.preferences.load(), [app]);
  const isKnown = useSyncExternalStore(app.preferences.subscribe, app.preferences.isSettled);
  const notices = useSyncExternalStore(app.notices.subscribe, app.notices.permission);
  const keymap = useKeymap();
  const keys = { chosen: app.chosenChords(), onChoose: (chosen: ChosenChords) => app.chooseChords(chosen) };
  const { settings: chosen = {}, keyboard = {} } = app.preferences.getParts();
  const fileText = settingsFileText({ settings: chosen, keyboard });
  const exportFile = (): void => saveFile("causeway-settings.json", fileText, "application/json");
  const importText = (text: string): string | undefined => {
    const read = readSettingsFile(text);
    if (read.kind === "refused") return read.why;
    app.takeSettings(read.file);
    return undefined;
  };
  return (
    <SidePage me={me} here="settings" title="Settings" className="table-page" onLeave={onLeave}>
      <header className="table-head">
        <h1>Settings</h1>
        <button type="button" className="settings-leave end-aligned" onClick={onLeave}>
          <Keys caps={["Esc"]} /> back to terminals
        </button>
      </header>
      {isKnown && (
        <SettingsView
          settings={settings}
          platform={keymap.platform}
          notices={notices}
          card={graphicsCard()}
          onAskNotices={() => void app.notices.ask()}
          onChange={(change) => app.chooseSettings(change)}
          profile={<SettingsProfile me={me} />}
          keyboard={
            <>
              <ResetKeys {...keys} />
              <KeyTable {...keys} keymap={keymap} />
            </>
          }
          fileText={fileText}
          onExport={exportFile}
          onImport={importText}
        />
      )}
    </SidePage>
  );
}
