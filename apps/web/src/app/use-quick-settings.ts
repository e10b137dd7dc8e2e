/** Settings and places that the palette offers by name. */
import type { Me } from "@causeway/wire-contract/identity";
import { useNavigate } from "@tanstack/react-router";
import type { ThemeChoice } from "../lib/theme.ts";
import { useConsole, useTheme } from "./console-context.ts";
import type { Setting } from "./palette-sources.ts";

const THEMES: readonly [ThemeChoice, string][] = [
  ["system", "Theme: as the system"],
  ["light", "Theme: light"],
  ["dark", "Theme: dark"],
];

export function useQuickSettings(me: Me, signOut: () => void): Setting[] {
  const app = useConsole();
  const { choice } = useTheme();
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
