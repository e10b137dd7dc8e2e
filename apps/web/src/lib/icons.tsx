/**
 * Every icon of the product: 16 px grid, 1.4 px stroke, round ends, drawn once per page as an inline sprite
 * (no request, no font). Add new ones in the same manner. State shapes live in `ui/state-shape.tsx`.
 */
import type { JSX } from "react";

const STROKES = {
  logo: (
    <>
      <path d="M1.5 5.5h13" />
      <path d="M3 13v-1.6a2.5 2.5 0 0 1 5 0V13" />
      <path d="M8 13v-1.6a2.5 2.5 0 0 1 5 0V13" />
    </>
  ),
  terminal: (
    <>
      <rect x="1.7" y="2.7" width="12.6" height="10.6" rx="2" />
      <path d="M4.6 6.2 6.8 8 4.6 9.8M8.4 10.2h3" />
    </>
  ),
  search: (
    <>
      <circle cx="7" cy="7" r="4.3" />
      <path d="m10.3 10.3 3.4 3.4" />
    </>
  ),
  plus: (
    <>
      <path d="M8 3v10M3 8h10" />
    </>
  ),
  close: (
    <>
      <path d="m4 4 8 8M12 4l-8 8" />
    </>
  ),
  check: (
    <>
      <path d="m3 8.5 3.2 3.2L13 4.8" />
    </>
  ),
  up: (
    <>
      <path d="m4 9.8 4-4 4 4" />
    </>
  ),
  bell: (
    <>
      <path d="M4.2 11V7.2a3.8 3.8 0 0 1 7.6 0V11l1.2 1.4H3zM6.8 14.2h2.4" />
    </>
  ),
  down: (
    <>
      <path d="m4 6.2 4 4 4-4" />
    </>
  ),
  right: (
    <>
      <path d="m6.2 4 4 4-4 4" />
    </>
  ),
  left: (
    <>
      <path d="m9.8 4-4 4 4 4" />
    </>
  ),
  warning: (
    <>
      <path d="M8 2.3 14.3 13.3H1.7zM8 6.5v3" />
      <path d="M8 11.4v.1" />
    </>
  ),
  info: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="M8 7.3v3.7M8 5v.1" />
    </>
  ),
  fail: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="m5.8 5.8 4.4 4.4M10.2 5.8l-4.4 4.4" />
    </>
  ),
  pass: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="m5.2 8.2 2 2 3.7-4" />
    </>
  ),
  user: (
    <>
      <circle cx="8" cy="5.3" r="2.8" />
      <path d="M2.8 13.5c.6-2.7 2.7-4 5.2-4s4.6 1.3 5.2 4" />
    </>
  ),
  trash: (
    <>
      <path d="M2.8 4.3h10.4M6.3 4.3V2.6h3.4v1.7M4 4.3l.7 9.2h6.6l.7-9.2M6.7 7v4M9.3 7v4" />
    </>
  ),
  eye: (
    <>
      <path d="M1.5 8S3.9 3.7 8 3.7 14.5 8 14.5 8 12.1 12.3 8 12.3 1.5 8 1.5 8z" />
      <circle cx="8" cy="8" r="1.9" />
    </>
  ),
  lock: (
    <>
      <rect x="3" y="7" width="10" height="6.7" rx="1.5" />
      <path d="M5.2 7V5a2.8 2.8 0 0 1 5.6 0v2" />
    </>
  ),
  clock: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="M8 4.5V8l2.4 1.6" />
    </>
  ),
  refresh: (
    <>
      <path d="M13.3 8A5.3 5.3 0 1 1 11.6 4.1L13.3 5.6M13.3 2.6v3h-3" />
    </>
  ),
  more: (
    <>
      <path d="M3.5 8h.1M8 8h.1M12.5 8h.1" strokeWidth="2.2" />
    </>
  ),
  sun: (
    <>
      <circle cx="8" cy="8" r="2.8" />
      <path d="M8 1.5v1.3M8 13.2v1.3M1.5 8h1.3M13.2 8h1.3M3.4 3.4l.9.9M11.7 11.7l.9.9M12.6 3.4l-.9.9M4.3 11.7l-.9.9" />
    </>
  ),
  moon: (
    <>
      <path d="M13.2 9.6A5.7 5.7 0 0 1 6.4 2.8a5.7 5.7 0 1 0 6.8 6.8z" />
    </>
  ),
  key: (
    <>
      <circle cx="5" cy="11" r="2.8" />
      <path d="m7 9 6-6M10.5 5.5l2 2M12.2 3.8l1.3 1.3" />
    </>
  ),
  profile: (
    <>
      <rect x="2" y="3" width="12" height="10" rx="1.7" />
      <path d="M8.8 6.3h3M8.8 9.3h3" />
      <circle cx="5.3" cy="6.7" r="1.3" />
      <path d="M3.4 10.6c.3-1 1-1.500 1.900-1.500s1.6.5 1.900 1.500" />
    </>
  ),
  shield: (
    <>
      <path d="M8 1.8 13 3.5v4c0 3.3-2.1 5.6-5 6.7-2.9-1.1-5-3.4-5-6.7v-4z" />
    </>
  ),
  sandbox: (
    <>
      <path d="M8 1.8 13.5 4.7v6.6L8 14.2l-5.5-2.9V4.7zM2.7 4.8 8 7.6l5.3-2.8M8 7.6v6.4" />
    </>
  ),
  server: (
    <>
      <rect x="2" y="2.5" width="12" height="4.8" rx="1.3" />
      <rect x="2" y="8.7" width="12" height="4.8" rx="1.3" />
      <path d="M4.5 4.9h.1M4.5 11.1h.1" strokeWidth="1.8" />
    </>
  ),
  tag: (
    <>
      <path d="M2.5 3v4.5l6 6 5-5-6-6H3z" />
      <path d="M5.3 5.3h.1" strokeWidth="1.8" />
    </>
  ),
  plug: (
    <>
      <path d="M5.5 2v3M10.5 2v3M3.8 5h8.4v2.5a4.2 4.2 0 0 1-8.4 0zM8 11.7V14.5" />
    </>
  ),
  copy: (
    <>
      <rect x="5.5" y="5.5" width="8" height="8" rx="1.5" />
      <path d="M10.5 5.5V4A1.5 1.5 0 0 0 9 2.5H4A1.5 1.5 0 0 0 2.5 4v5A1.5 1.5 0 0 0 4 10.5h1.5" />
    </>
  ),
  clipboard: (
    <>
      <rect x="3.2" y="3.2" width="9.6" height="10.8" rx="1.6" />
      <path d="M6 3.2a2 1.4 0 0 1 4 0v1.3H6z" />
    </>
  ),
  star: (
    <>
      <path d="m8 2.2 1.8 3.7 4 .6-2.9 2.8.7 4L8 11.4l-3.6 1.9.7-4L2.2 6.5l4-.6z" />
    </>
  ),
  filter: (
    <>
      <path d="M2.5 4.5h11M4.5 8h7M6.5 11.5h3" />
    </>
  ),
  settings: (
    <>
      <path d="M2 5h5.5M12.5 5H14M2 11h1.5M8.5 11H14" />
      <circle cx="10" cy="5" r="2" />
      <circle cx="6" cy="11" r="2" />
    </>
  ),
  globe: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="M2 8h12M8 2c4 3.8 4 8.2 0 12M8 2c-4 3.8-4 8.2 0 12" />
    </>
  ),
  pulse: (
    <>
      <path d="M1.5 8.5h3l2-5 3 9 2-4h3" />
    </>
  ),
  log: (
    <>
      <path d="M3 2.5h7.5L13 5v8.5H3z" />
      <path d="M5.5 6.5h5M5.5 9h5M5.5 11.3h3" />
    </>
  ),
  download: (
    <>
      <path d="M8 2.5V10M4.8 7 8 10.2 11.2 7" />
      <path d="M2.5 13h11" />
    </>
  ),
  enter: (
    <>
      <path d="M13 3.5v4.2A1.8 1.8 0 0 1 11.2 9.5H3.5M6 6.8 3.3 9.5 6 12.2" />
    </>
  ),
  external: (
    <>
      <path d="M6.5 3.5H3v9.5h9.5V9.5M9.5 2.5h4v4M13.2 2.8 7.500 8.5" />
    </>
  ),
  splitRight: (
    <>
      <rect x="1.8" y="2.8" width="12.4" height="10.4" rx="1.8" />
      <path d="M8 2.8v10.4" />
    </>
  ),
  splitDown: (
    <>
      <rect x="1.8" y="2.8" width="12.4" height="10.4" rx="1.8" />
      <path d="M1.8 8h12.4" />
    </>
  ),
  share: (
    <>
      <circle cx="4" cy="8" r="1.8" />
      <circle cx="12" cy="3.7" r="1.8" />
      <circle cx="12" cy="12.3" r="1.8" />
      <path d="m5.6 7.1 4.8-2.5M5.6 8.9l4.8 2.5" />
    </>
  ),
  link: (
    <>
      <path d="M6.7 9.3a2.7 2.7 0 0 0 3.8 0l2.2-2.2a2.7 2.7 0 0 0-3.8-3.8l-.8.8" />
      <path d="M9.3 6.7a2.7 2.7 0 0 0-3.8 0L3.3 8.9a2.7 2.7 0 0 0 3.8 3.8l.8-.8" />
    </>
  ),
  hand: (
    <path d="M5 8V3.8a1 1 0 0 1 2 0V7m0-.5V2.8a1 1 0 0 1 2 0V7m0-.3V3.8a1 1 0 0 1 2 0v5c0 3-1.5 4.9-4 4.9-2 0-2.9-.9-3.7-2.4L2.2 9.1c-.5-.9.7-1.7 1.4-.9L5 9.8" />
  ),
  expand: (
    <>
      <path d="M9.5 2.5h4v4M13.2 2.8 9.5 6.5M6.5 13.5h-4v-4M2.8 13.2l3.7-3.7" />
    </>
  ),
  keyboard: (
    <>
      <rect x="1.5" y="4" width="13" height="8.2" rx="1.7" />
      <path d="M4.2 6.8h.1M6.8 6.8h.1M9.3 6.8h.1M11.8 6.8h.1M5 9.5h6" />
    </>
  ),
} as const satisfies Record<string, JSX.Element>;

export type IconName = keyof typeof STROKES;

/** Render once, near the root, before any `Icon`. */
export function IconSprite() {
  return (
    <svg width="0" height="0" className="sprite" aria-hidden="true">
      <defs>
        {(Object.keys(STROKES) as IconName[]).map((name) => (
          <symbol
            key={name}
            id={`icon-${name}`}
            viewBox="0 0 16 16"
            fill="none"
            stroke="currentColor"
            strokeWidth="1.4"
            strokeLinecap="round"
            strokeLinejoin="round"
          >
            {STROKES[name]}
          </symbol>
        ))}
      </defs>
    </svg>
  );
}

/** Decoration only: the control around it carries the name. `size`: lg 20, md 16 (default), sm 14, xs 12 px. */
export function Icon({ name, size = "md" }: { name: IconName; size?: "lg" | "md" | "sm" | "xs" }) {
  return (
    <svg className={size === "md" ? "i" : `i ${size}`} aria-hidden="true" focusable="false">
      <use href={`#icon-${name}`} />
    </svg>
  );
}
