/** What draws terminals in this browser right now, and why: one sentence under the choice. Pure. */
import type { Settings } from "@causeway/wire-contract/preferences";
import { drawsWithCard, type GraphicsCard } from "../../lib/graphics-card.ts";

export function drawingWords(
  { graphicsCard, screenReader }: Required<Pick<Settings, "graphicsCard" | "screenReader">>,
  card: GraphicsCard,
): string {
  if (screenReader) return "Terminals are text of the page here, because screen reader mode is on.";
  if (graphicsCard === "never") return "Terminals are drawn as text of the page.";
  if (card === "none") return "Terminals are drawn as text of the page: this browser has none to draw with.";
  if (!drawsWithCard(graphicsCard, card))
    return "Terminals are drawn as text of the page: this browser only imitates a graphics card, and that asks more of the processor.";
  if (card === "imitated")
    return "Terminals are drawn with this browser's imitation of a graphics card, which the processor does. While much is printed, keys may wait.";
  return "Terminals are drawn with the graphics card of this computer.";
}
