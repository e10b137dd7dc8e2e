import { encode } from "uqr";

/** Modules of light around the code: ISO/IEC 18004 wants four. */
const QUIET_MODULES = 4;

/** A link as a QR code, for the camera of a phone. Drawn here: it is sent nowhere. */
export function LinkCode({ link }: { link: string }) {
  const { data, size } = encode(link, { ecc: "M", border: 0 });
  const path = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join("");
  const edge = size + 2 * QUIET_MODULES;
  return (
    <svg
      className="link-code"
      viewBox={`${-QUIET_MODULES} ${-QUIET_MODULES} ${edge} ${edge}`}
      role="img"
      aria-label="The link as a QR code"
      shapeRendering="crispEdges"
    >
      <rect x={-QUIET_MODULES} y={-QUIET_MODULES} width={edge} height={edge} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
