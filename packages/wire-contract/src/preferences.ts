/** What a person chose, kept on the server so that it follows her to every browser. Nothing secret belongs in here. */
import { type Static, Type } from "typebox";
import { RegionId } from "./instances.ts";

export const FAVOURITES_MAX = 200;
export const RECENTS_MAX = 50;
export const SAVED_VIEWS_MAX = 50;
/** The whole document as JSON, in bytes. */
export const PREFERENCES_BYTES_MAX = 48 * 1024;

const closed = { additionalProperties: false } as const;

/** A machine as preferences name it: the same under every identity of its account. */
export const InstanceRef = Type.Object(
  {
    account: Type.String({ pattern: "^[0-9]{12}$" }),
    region: RegionId,
    instanceId: Type.String({ pattern: "^(i|mi)-[0-9a-f]{8,17}$" }),
  },
  closed,
);
export type InstanceRef = Static<typeof InstanceRef>;

/** An instance that was opened, and when: milliseconds since the epoch by the browser that opened it. */
export const RecentRef = Type.Object(
  { ...InstanceRef.properties, openedAt: Type.Optional(Type.Integer({ minimum: 0 })) },
  closed,
);
export type RecentRef = Static<typeof RecentRef>;

export const SavedView = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 60 }),
    /** The filter as it would be typed. */
    filter: Type.String({ maxLength: 400 }),
    /** What the list is grouped by: `tag:<key>`, `account`, `region`, or `none`. */
    groupBy: Type.String({ maxLength: 140 }),
  },
  closed,
);
export type SavedView = Static<typeof SavedView>;

export const InstancePreferences = Type.Object(
  {
    favourites: Type.Array(InstanceRef, { maxItems: FAVOURITES_MAX }),
    /** Newest first. */
    recents: Type.Array(RecentRef, { maxItems: RECENTS_MAX }),
    views: Type.Array(SavedView, { maxItems: SAVED_VIEWS_MAX }),
    groupBy: Type.Optional(Type.String({ maxLength: 140 })),
  },
  closed,
);
export type InstancePreferences = Static<typeof InstancePreferences>;

/** Tabs that are remembered: as many as one person's sessions. */
export const LAYOUT_TABS_MAX = 50;
/** Panes of one tab. */
export const LAYOUT_PANES_MAX = 6;
/** Panes, and the splits that join so many. */
const LAYOUT_NODES_MAX = 2 * LAYOUT_PANES_MAX - 1;
export const TAB_NAME_LENGTH_MAX = 60;

const SessionName = Type.String({ minLength: 1, maxLength: 64 });

/** A split says how many of the nodes after it are its children by how many sizes it has. */
export const LayoutNode = Type.Union([
  Type.Object({ session: SessionName }, closed),
  Type.Object(
    {
      split: Type.Union([Type.Literal("row"), Type.Literal("column")]),
      /** Shares of its length, one for each child. */
      sizes: Type.Array(Type.Number({ minimum: 0, maximum: 1 }), { minItems: 2, maxItems: LAYOUT_PANES_MAX }),
    },
    closed,
  ),
]);
export type LayoutNode = Static<typeof LayoutNode>;

export const LayoutTab = Type.Object(
  {
    /** The tree of panes, each split before its children. */
    nodes: Type.Array(LayoutNode, { minItems: 1, maxItems: LAYOUT_NODES_MAX }),
    /** The session of its active pane. */
    active: Type.Optional(SessionName),
    zoomed: Type.Optional(Type.Boolean()),
    name: Type.Optional(Type.String({ minLength: 1, maxLength: TAB_NAME_LENGTH_MAX })),
  },
  closed,
);
export type LayoutTab = Static<typeof LayoutTab>;

/** Tabs and panes, left to right. Session ids name sessions and grant nothing. */
export const WorkspaceLayout = Type.Object(
  {
    /** Wall clock of the page that made it, ms: of two layouts the newer one counts. */
    savedAt: Type.Integer({ minimum: 0 }),
    /** The session of the active pane of the active tab. */
    active: Type.Optional(SessionName),
    tabs: Type.Array(LayoutTab, { maxItems: LAYOUT_TABS_MAX }),
  },
  closed,
);
export type WorkspaceLayout = Static<typeof WorkspaceLayout>;

/** Actions with a chord of the person's own, for one kind of keyboard. */
export const CHOSEN_CHORDS_MAX = 100;

/** Chords by action, as "Ctrl+Shift+K"; "" takes the action's chord away. What the page does not know it leaves alone. */
const ChosenChords = Type.Record(Type.String({ pattern: "^[a-z0-9-]{1,40}$" }), Type.String({ maxLength: 40 }), {
  maxProperties: CHOSEN_CHORDS_MAX,
  additionalProperties: false,
});

export const KeyboardPreferences = Type.Object(
  { mac: Type.Optional(ChosenChords), other: Type.Optional(ChosenChords) },
  closed,
);
export type KeyboardPreferences = Static<typeof KeyboardPreferences>;

/** Commands that are offered first. */
export const RECENT_COMMANDS_MAX = 10;

/** What the palette remembers: names of commands, newest first. */
export const PalettePreferences = Type.Object(
  { recent: Type.Array(Type.String({ pattern: "^[a-z0-9-]{1,40}$" }), { maxItems: RECENT_COMMANDS_MAX }) },
  closed,
);

/** Hints that a newcomer gets. */
export const HINTS_MAX = 20;

/** Names of hints that were shown, or were not needed any more: none is shown twice. */
export const HintPreferences = Type.Object(
  { shown: Type.Array(Type.String({ pattern: "^[a-z-]{1,40}$" }), { maxItems: HINTS_MAX }) },
  closed,
);

export const FONT_SIZE_PX = { least: 8, most: 32 } as const;
export const SCROLLBACK_LINES = { least: 10_000, most: 100_000 } as const;

/** What she chose on the page of settings; what she did not choose is absent, and may get better. */
export const Settings = Type.Object(
  {
    theme: Type.Optional(Type.Union([Type.Literal("system"), Type.Literal("light"), Type.Literal("dark")])),
    /** `page`: as the page around it. */
    terminalTheme: Type.Optional(Type.Union([Type.Literal("page"), Type.Literal("light"), Type.Literal("dark")])),
    /** A family installed on the computer; empty: the system's own. No sign in it may mean anything in a style sheet. */
    fontFamily: Type.Optional(Type.String({ maxLength: 60, pattern: "^[^\\u0000-\\u001f\"'`\\\\;:,{}()<>/@!]*$" })),
    fontSizePx: Type.Optional(Type.Integer({ minimum: FONT_SIZE_PX.least, maximum: FONT_SIZE_PX.most })),
    lineSpacing: Type.Optional(Type.Union([Type.Literal("normal"), Type.Literal("compact")])),
    /** Kept above the screen by the page; the server keeps 10,000, whatever is chosen. */
    scrollbackLines: Type.Optional(Type.Integer({ minimum: SCROLLBACK_LINES.least, maximum: SCROLLBACK_LINES.most })),
    cursorBlink: Type.Optional(Type.Boolean()),
    /** What draws terminals; `automatic`: the graphics card, but no imitation of one on the processor. */
    graphicsCard: Type.Optional(Type.Union([Type.Literal("automatic"), Type.Literal("always"), Type.Literal("never")])),
    /** macOS: Option is the Meta key. */
    optionIsMeta: Type.Optional(Type.Boolean()),
    copyOnSelect: Type.Optional(Type.Boolean()),
    /** Windows: Ctrl+V pastes instead of going to the shell. */
    ctrlVPastes: Type.Optional(Type.Boolean()),
    /** Ask before what is pasted may do harm. */
    pasteGuard: Type.Optional(Type.Boolean()),
    /** In production, ask about several lines also where the shell takes them as one text. */
    pasteGuardProduction: Type.Optional(Type.Boolean()),
    /** The bell of a program is a mark on its pane and a dot on its tab. */
    bell: Type.Optional(Type.Boolean()),
    /** Ask before a pane with a full-screen program, or a command that is known to run, is closed. */
    askBeforeClosing: Type.Optional(Type.Boolean()),
    /** Output is read out by a screen reader. */
    screenReader: Type.Optional(Type.Boolean()),
    /** Notifications of the system while the page is hidden. Each browser asks for itself whether it may. */
    notifications: Type.Optional(Type.Boolean()),
  },
  closed,
);
export type Settings = Static<typeof Settings>;

/** What counts where she chose nothing; the theme is the browser's own until then. */
export const DEFAULT_SETTINGS: Required<Omit<Settings, "theme">> = {
  terminalTheme: "page",
  fontFamily: "",
  fontSizePx: 13,
  lineSpacing: "normal",
  scrollbackLines: 10_000,
  cursorBlink: false,
  graphicsCard: "automatic",
  optionIsMeta: false,
  copyOnSelect: false,
  ctrlVPastes: true,
  pasteGuard: true,
  pasteGuardProduction: true,
  bell: true,
  askBeforeClosing: true,
  screenReader: false,
  notifications: false,
};

/** One member per part of the console; a part that nobody touched is absent. */
export const PreferenceParts = Type.Object(
  {
    instances: Type.Optional(InstancePreferences),
    workspace: Type.Optional(WorkspaceLayout),
    keyboard: Type.Optional(KeyboardPreferences),
    palette: Type.Optional(PalettePreferences),
    hints: Type.Optional(HintPreferences),
    settings: Type.Optional(Settings),
  },
  closed,
);
export type PreferenceParts = Static<typeof PreferenceParts>;

/** `version` counts changes, 0: nothing was ever stored. A change names the version it was made from. */
export const Preferences = Type.Object({ version: Type.Integer({ minimum: 0 }), parts: PreferenceParts }, closed);
export type Preferences = Static<typeof Preferences>;
