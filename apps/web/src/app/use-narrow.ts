import { useMedia } from "../ui/use-media.ts";

/** Narrower, and panes beside one another would be of no use: one terminal fills the window, lists are pages (DESIGN §2). */
const NARROW_QUERY = "(max-width: 720px)";

export function useNarrow(): boolean {
  return useMedia(NARROW_QUERY);
}
