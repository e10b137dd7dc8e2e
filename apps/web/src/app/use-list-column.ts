import { useState } from "react";
import { useMedia } from "../ui/use-media.ts";

/** Where the list takes no room of its own but lies over the terminals. */
const OVERLAY_QUERY = "(max-width: 900px)";

export interface ListColumn {
  /** It is on the page, beside the terminals or over them. */
  shown: boolean;
  show(shown: boolean): void;
  /** Shows it where it lies over the terminals; elsewhere it stays as it is. */
  cover(): void;
  /** Takes it away where it lies over the terminals; elsewhere it stays. */
  uncover(): void;
  widthPx: number;
  setWidthPx(widthPx: number): void;
  /** In a wide window it is hidden: what is remembered. */
  wideHidden: boolean;
}

export function useListColumn(remembered: { listWidthPx: number; listHidden: boolean }): ListColumn {
  const isOverlay = useMedia(OVERLAY_QUERY);
  const [widthPx, setWidthPx] = useState(remembered.listWidthPx);
  const [wideHidden, setWideHidden] = useState(remembered.listHidden);
  const [overlayShown, setOverlayShown] = useState(false);
  return {
    shown: isOverlay ? overlayShown : !wideHidden,
    show: (shown) => (isOverlay ? setOverlayShown(shown) : setWideHidden(!shown)),
    cover: () => setOverlayShown(true),
    uncover: () => setOverlayShown(false),
    widthPx,
    setWidthPx,
    wideHidden,
  };
}
