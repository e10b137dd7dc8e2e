/** The page of settings: each is in force as soon as it is chosen. */
import "./settings.css";
import { FONT_SIZE_PX, SCROLLBACK_LINES, type Settings } from "@causeway/wire-contract/preferences";
import { type ReactNode, useId, useRef, useState } from "react";
import type { GraphicsCard } from "../../lib/graphics-card.ts";
import { Button } from "../../ui/button.tsx";
import { Switch } from "../../ui/switch.tsx";
import { drawingWords } from "./drawing-words.ts";
import { FontFamilyField, NumberField } from "./fields.tsx";
import { SettingsDocument } from "./settings-document.tsx";
import { SettingsNav, type SettingsPlace } from "./settings-nav.tsx";

type Whole = Required<Settings>;

/** `absent`: this browser has none. */
export type NoticesAllowed = "default" | "granted" | "denied" | "absent";

interface Props {
  settings: Whole;
  platform: "mac" | "other";
  onChange(change: Settings): void;
  /** Whether this browser lets the page show notifications; it is asked on the person's word only. */
  notices: NoticesAllowed;
  onAskNotices(): void;
  /** What this browser can draw with. */
  card: GraphicsCard;
  /** Who she is, for its place. */
  profile: ReactNode;
  /** Every chord and the way to choose others, for its place. */
  keyboard: ReactNode;
  /** The file of settings, as text. */
  fileText: string;
  onExport(): void;
  /** @returns why the text is not taken; undefined: it is in force */
  onImport(text: string): string | undefined;
}

const PLACES = [
  { title: "Profile", icon: "user" },
  { title: "Terminal", icon: "terminal" },
  { title: "Keyboard", icon: "keyboard" },
  { title: "Appearance", icon: "sun" },
  { title: "Notifications", icon: "bell" },
  { title: "Paste guard", icon: "shield" },
  { title: "Screen reader", icon: "eye" },
  { title: "As a file", icon: "download" },
] as const satisfies readonly SettingsPlace[];

type PlaceTitle = (typeof PLACES)[number]["title"];

type SwitchName = { [Name in keyof Whole]: Whole[Name] extends boolean ? Name : never }[keyof Whole];

export function SettingsView(props: Props) {
  const { settings, platform, notices, card, profile, keyboard, fileText, onChange, onAskNotices, onExport, onImport } =
    props;
  const toggle = (name: SwitchName, label: string) => (
    <Switch label={label} checked={settings[name]} onChange={(checked) => onChange({ [name]: checked })} />
  );
  const blocks = useRef<HTMLDivElement>(null);
  return (
    <div className="settings">
      <SettingsNav places={PLACES} area={blocks} />
      <div className="settings-blocks" ref={blocks}>
        <Block title="Profile" about="Who you are, as AWS says it">
          {profile}
        </Block>
        <Block title="Terminal" about="What it keeps, and what it asks">
          <NumberField
            label="Earlier lines kept"
            unit="lines"
            value={settings.scrollbackLines}
            {...SCROLLBACK_LINES}
            onChange={(scrollbackLines) => onChange({ scrollbackLines })}
          />
          <p className="t12 t3">The server keeps 10,000. More live only in the page that saw them.</p>
          <Choice
            label="Drawing with the graphics card"
            value={settings.graphicsCard}
            options={[
              ["automatic", "Automatic"],
              ["always", "Always"],
              ["never", "Never"],
            ]}
            onChange={(graphicsCard) => onChange({ graphicsCard })}
          />
          <p className="t12 t3">{drawingWords(settings, card)}</p>
          {toggle("copyOnSelect", "Copy what is selected at once")}
          {toggle(
            "askBeforeClosing",
            "Ask before closing a pane that somebody watches, or with a program or command in it",
          )}
        </Block>
        <Block title="Keyboard" about="Keys that are not the shell's">
          {platform === "mac" && toggle("optionIsMeta", "Option is the Meta key")}
          {platform === "other" && toggle("ctrlVPastes", "Ctrl+V pastes on Windows")}
          {keyboard}
        </Block>
        <Block title="Appearance" about="Of the page and of the terminals in it">
          <Choice
            label="Theme"
            value={settings.theme}
            options={[
              ["system", "As the system"],
              ["light", "Light"],
              ["dark", "Dark"],
            ]}
            onChange={(theme) => onChange({ theme })}
          />
          <Choice
            label="Terminal theme"
            value={settings.terminalTheme}
            options={[
              ["page", "As the page"],
              ["light", "Light"],
              ["dark", "Dark"],
            ]}
            onChange={(terminalTheme) => onChange({ terminalTheme })}
          />
          <FontFamilyField value={settings.fontFamily} onChange={(fontFamily) => onChange({ fontFamily })} />
          <NumberField
            label="Font size"
            unit="px"
            value={settings.fontSizePx}
            {...FONT_SIZE_PX}
            onChange={(fontSizePx) => onChange({ fontSizePx })}
          />
          <Choice
            label="Line height"
            value={settings.lineSpacing}
            options={[
              ["normal", "Normal"],
              ["compact", "Compact"],
            ]}
            onChange={(lineSpacing) => onChange({ lineSpacing })}
          />
          {toggle("cursorBlink", "The cursor blinks")}
        </Block>
        <Block title="Notifications" about="What may call you">
          {toggle("bell", "The bell of a program marks its pane and tab")}
          <Switch
            label="Notify me, while this page is hidden, of long commands that end, of who asks for the keyboard, and of an idle limit"
            checked={settings.notifications}
            onChange={(notifications) => {
              onChange({ notifications });
              if (notifications) onAskNotices();
            }}
          />
          {settings.notifications && <NoticesHint notices={notices} onAsk={onAskNotices} />}
        </Block>
        <Block title="Paste guard" about="What is asked before text goes to a shell">
          {toggle("pasteGuard", "Ask before a paste that may do harm")}
          {toggle("pasteGuardProduction", "In production, ask before every paste of several lines")}
        </Block>
        <Block title="Screen reader" about="For whoever listens to a terminal">
          {toggle("screenReader", "Screen reader mode: output is read out when it rests")}
        </Block>
        <Block title="As a file" about="Settings and keys, to keep or to take along">
          <SettingsFileButtons onExport={onExport} onImport={onImport} />
        </Block>
      </div>
      <SettingsDocument text={fileText} />
    </div>
  );
}

/** The wish goes with the person, the permission stays with the browser. */
function NoticesHint({ notices, onAsk }: { notices: NoticesAllowed; onAsk(): void }) {
  if (notices === "granted") return null;
  if (notices === "default")
    return (
      <div className="setting">
        <span className="t12 t3">This browser has not been asked yet whether it allows notifications.</span>
        <Button onClick={onAsk}>Ask this browser</Button>
      </div>
    );
  return (
    <p className="field-error">
      {notices === "denied"
        ? "This browser does not allow notifications of this site. That is changed in the browser's own settings of the site."
        : "This browser has no notifications."}
    </p>
  );
}

function Block({ title, about, children }: { title: PlaceTitle; about: string; children: ReactNode }) {
  const id = useId();
  return (
    <section className="settings-block" aria-labelledby={id} data-place={title} tabIndex={-1}>
      <div>
        <h2 id={id}>{title}</h2>
        <span className="t12 t3">{about}</span>
      </div>
      <div className="settings-rows">{children}</div>
    </section>
  );
}

interface ChoiceProps<T extends string> {
  label: string;
  value: T;
  options: readonly (readonly [T, string])[];
  onChange(value: T): void;
}

function Choice<T extends string>({ label, value, options, onChange }: ChoiceProps<T>) {
  const name = useId();
  return (
    <fieldset className="setting">
      <legend className="setting-label">{label}</legend>
      <span className="seg">
        {options.map(([option, words]) => (
          <label key={option}>
            <input type="radio" name={name} checked={option === value} onChange={() => onChange(option)} />
            {words}
          </label>
        ))}
      </span>
    </fieldset>
  );
}

function SettingsFileButtons({ onExport, onImport }: Pick<Props, "onExport" | "onImport">) {
  const input = useRef<HTMLInputElement>(null);
  const [outcome, setOutcome] = useState<{ isTaken: boolean; words: string }>();
  const read = async (file: File): Promise<void> => {
    try {
      const why = onImport(await file.text());
      setOutcome(
        why === undefined
          ? { isTaken: true, words: `The settings of ${file.name} are in force.` }
          : { isTaken: false, words: `${file.name} was not taken. ${why}` },
      );
    } catch {
      setOutcome({ isTaken: false, words: `${file.name} could not be read.` });
    }
  };
  return (
    <>
      <div className="settings-file">
        <Button onClick={onExport}>Export</Button>
        <Button onClick={() => input.current?.click()}>Import</Button>
        <input
          ref={input}
          type="file"
          accept="application/json,.json"
          aria-label="File of settings"
          hidden
          onChange={(event) => {
            const file = event.target.files?.[0];
            event.target.value = ""; // the same file may be chosen again
            if (file !== undefined) void read(file);
          }}
        />
      </div>
      <p className="t12 t3">Importing replaces all settings and keys of yours.</p>
      <p role="status" className={outcome?.isTaken === false ? "field-error" : "t12"}>
        {outcome?.words}
      </p>
    </>
  );
}
