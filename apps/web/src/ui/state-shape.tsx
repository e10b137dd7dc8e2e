/** State is never colour alone: each has a shape and a name (DESIGN §2). Drawn inline, 10 px. */
import { createElement } from "react";

export type StateShapeName =
  | "online"
  | "lost"
  | "stopped"
  | "unmanaged"
  | "unknown"
  | "hybrid"
  | "hybrid-lost"
  | "pending"
  | "failed";

/** What each says to who does not see it. */
export const SHAPE_LABELS: Record<StateShapeName, string> = {
  online: "Online",
  lost: "Connection lost",
  stopped: "Stopped",
  unmanaged: "Not managed by SSM",
  unknown: "State unknown",
  hybrid: "Online, hybrid node",
  "hybrid-lost": "Connection lost, hybrid node",
  pending: "Connecting",
  failed: "Failed",
};

/** The one element of a shape, in a box of 10 × 10, and its attributes as React calls them. */
type ShapePart = readonly [tag: "circle" | "path" | "rect", attributes: Readonly<Record<string, string | number>>];

const drawn = { fill: "none", stroke: "currentColor" };
const diamond: ShapePart = ["path", { d: "M5 .8 9.2 5 5 9.2.8 5z", fill: "currentColor" }];

export const SHAPES: Readonly<Record<StateShapeName, ShapePart>> = {
  online: ["circle", { cx: 5, cy: 5, r: 3.6, fill: "currentColor" }],
  lost: ["path", { d: "M5 1.2 9.3 8.8H.7z", ...drawn, strokeWidth: 1.5, strokeLinejoin: "round" }],
  stopped: ["rect", { x: 2, y: 2, width: 6, height: 6, rx: 1, ...drawn, strokeWidth: 1.4 }],
  unmanaged: ["circle", { cx: 5, cy: 5, r: 3.4, ...drawn, strokeWidth: 1.3, strokeDasharray: "1.7 1.5" }],
  unknown: ["path", { d: "M2 5h6", ...drawn, strokeWidth: 1.6, strokeLinecap: "round" }],
  hybrid: diamond,
  "hybrid-lost": diamond,
  pending: ["circle", { cx: 5, cy: 5, r: 3.4, ...drawn, strokeWidth: 1.5, strokeDasharray: "12 9.4" }],
  failed: ["path", { d: "m2.2 2.2 5.6 5.6M7.8 2.2 2.2 7.8", ...drawn, strokeWidth: 1.6, strokeLinecap: "round" }],
};

/** `label` replaces the shape's own name; an empty one makes it decoration. */
export function StateShape({ shape, label = SHAPE_LABELS[shape] }: { shape: StateShapeName; label?: string }) {
  const part = createElement(...SHAPES[shape]);
  return label === "" ? (
    <svg className={`st ${shape}`} viewBox="0 0 10 10" aria-hidden="true">
      {part}
    </svg>
  ) : (
    <svg className={`st ${shape}`} viewBox="0 0 10 10" role="img" aria-label={label}>
      {part}
    </svg>
  );
}
