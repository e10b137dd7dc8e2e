import { createContext, useContext, useSyncExternalStore } from "react";
import type { Keymap } from "../features/workspace/keymap.ts";
import type { Theme, ThemeChoice } from "../lib/theme.ts";
import type { Console } from "./console.ts";

export const ConsoleContext = createContext<Console | undefined>(undefined);

export function useConsole(): Console {
  const value = useContext(ConsoleContext);
  if (value === undefined) throw new Error("rendered outside the console");
  return value;
}

export function useTheme(): { choice: ThemeChoice; theme: Theme } {
  const { theme } = useConsole();
  const choice = useSyncExternalStore(theme.subscribe, theme.getChoice);
  return { choice, theme: useSyncExternalStore(theme.subscribe, theme.getTheme) };
}

export function useKeymap(): Keymap {
  const app = useConsole();
  return useSyncExternalStore(app.preferences.subscribe, app.keymap);
}
