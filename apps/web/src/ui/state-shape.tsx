/** State is never colour alone: each has a shape and a name (DESIGN §2). Drawn inline, 10 px. */
import type { JSX } from "react";

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

const LABELS: Record<StateShapeName, string> = {
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

const diamond = <path d="M5 .8 9.2 5 5 9.2.8 5z" fill="currentColor" />;
const dashedCircle = (
  <circle cx="5" cy="5" r="3.4" fill="none" stroke="currentColor" strokeWidth="1.3" strokeDasharray="1.7 1.5" />
);

const SHAPES: Record<StateShapeName, JSX.Element> = {
  online: <circle cx="5" cy="5" r="3.6" fill="currentColor" />,
  lost: <path d="M5 1.2 9.3 8.8H.7z" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinejoin="round" />,
  stopped: <rect x="2" y="2" width="6" height="6" rx="1" fill="none" stroke="currentColor" strokeWidth="1.4" />,
  unmanaged: dashedCircle,
  unknown: <path d="M2 5h6" fill="none" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" />,
  hybrid: diamond,
  "hybrid-lost": diamond,
  pending: (
    <circle cx="5" cy="5" r="3.4" fill="none" stroke="currentColor" strokeWidth="1.5" strokeDasharray="12 9.4" />
  ),
  failed: (
    <path
      d="m2.2 2.2 5.6 5.6M7.8 2.2 2.2 7.8"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinecap="round"
    />
  ),
};

/** `label` replaces the shape's own name; an empty one makes it decoration. */
export function StateShape({ shape, label = LABELS[shape] }: { shape: StateShapeName; label?: string }) {
  return label === "" ? (
    <svg className={`st ${shape}`} viewBox="0 0 10 10" aria-hidden="true">
      {SHAPES[shape]}
    </svg>
  ) : (
    <svg className={`st ${shape}`} viewBox="0 0 10 10" role="img" aria-label={label}>
      {SHAPES[shape]}
    </svg>
  );
}
