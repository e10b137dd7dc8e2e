/** Settings and places that the palette offers by name. */
import type { Me } from "@causeway/wire-contract/identity";
import { useNavigate } from "@tanstack/react-router";
import { useSyncExternalStore } from "react";
import type { ThemeChoice } from "../lib/theme.ts";
import { useConsole, useTheme } from "./console-context.ts";
import type { Setting } from "./palette-sources.ts";

const THEMES: readonly [ThemeChoice, string][] = [
  ["system", "Theme: as the system"],
  ["light", "Theme: light"],
  ["dark", "Theme: dark"],
];

const FONT_STEPS: readonly [string, string, number][] = [
  ["font-larger", "Terminal text: larger", 1],
  ["font-smaller", "Terminal text: smaller", -1],
  ["font-normal", "Terminal text: normal size", 0],
];

export function useQuickSettings(me: Me, signOut: () => void): Setting[] {
  const app = useConsole();
  const { choice } = useTheme();
  const settings = useSyncExternalStore(app.subscribeSettings, app.settings);
  const navigate = useNavigate();
  return [
    ...THEMES.map(([theme, words]): Setting => {
      return {
        id: `theme-${theme}`,
        words,
        also: "appearance colours",
        icon: theme === "light" ? "sun" : "moon",
        ...(theme === choice ? { aside: "now" } : {}),
        choose: () => app.theme.choose(theme),
      };
    }),
    {
      id: "screen-reader",
      words: `Screen reader mode: turn ${settings.screenReader ? "off" : "on"}`,
      also: "accessibility read out speech announce",
      icon: "user",
      choose: () => app.setScreenReader(!settings.screenReader),
    },
    ...FONT_STEPS.map(([id, words, step]): Setting => {
      return { id, words, also: "font zoom", icon: "terminal", choose: () => app.changeFontSize(step) };
    }),
    {
      id: "add-identity",
      words: "Sign in with another role",
      also: "identity account add",
      icon: "key",
      choose: () => app.askToSignIn({ kind: "add" }),
    },
    {
      id: "shared",
      words: "Shared terminals",
      also: "shared with me my shares links watch",
      icon: "share",
      choose: () => void navigate({ to: "/shared" }),
    },
    {
      id: "aws-sessions",
      words: "Your other sessions in AWS",
      also: "unheld left running end",
      icon: "external",
      choose: () => void navigate({ to: "/aws-sessions" }),
    },
    {
      id: "logins",
      words: "Where you are signed in",
      also: "logins browsers devices",
      icon: "user",
      choose: () => void navigate({ to: "/logins" }),
    },
    ...(me.role === "user"
      ? []
      : [
          {
            id: "audit",
            words: "Audit",
            also: "who did what log",
            icon: "log" as const,
            choose: () => void navigate({ to: "/audit" }),
          },
        ]),
    ...(me.role === "admin"
      ? [
          {
            id: "people",
            words: "People",
            also: "who is signed in disable",
            icon: "user" as const,
            choose: () => void navigate({ to: "/people" }),
          },
        ]
      : []),
    { id: "sign-out", words: "Sign out", also: "log out leave end", icon: "external", choose: signOut },
  ];
}
