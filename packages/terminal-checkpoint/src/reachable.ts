/** Is there a way to bring a new terminal to this state? The few that have none are left by the next sequence or line. */
import { type CheckpointSource, isCharsetRestored, readTail } from "./checkpoint-writer.ts";
import { LineReader } from "./line-reader.ts";
import { clusterWidth } from "./line-writer.ts";
import { currentPen, isOddCellPen, isOddPen, isSamePen } from "./pen.ts";
import { joinKind, joinStateAfter, widthOf } from "./sequence-writer.ts";

export function isReachable(source: CheckpointSource): boolean {
  const { internals } = source;
  const { cols, buffers } = internals._bufferService;
  const { active, normal } = buffers;
  if (isOddPen(internals._inputHandler._curAttrData)) return false;
  // a cursor outside the scroll region cannot be addressed while addresses count from the region
  const isOutside = active.y < active.scrollTop || active.y > active.scrollBottom;
  if (internals.coreService.decPrivateModes.origin && isOutside) return false;
  const isRestored = isCharsetRestored(internals);
  if (isRestored && internals._charsetService.charset !== active.savedCharset) return false;
  if (internals._inputHandler._parser.precedingJoinState !== 0) return isTailReachable(source);
  return active.x < cols || active === normal || (!isRestored && isLastCellPrintable(source));
}

/** Can the cluster before the cursor be printed again, with the same outcome? */
function isTailReachable(source: CheckpointSource): boolean {
  const tail = readTail(source);
  if (!tail || isAfterHalf(source, source.internals._bufferService.buffers.active.x - tail.width)) return false;
  const { internals, links } = source;
  const { precedingJoinState } = internals._inputHandler._parser;
  const pen = currentPen(internals._inputHandler._curAttrData, links);
  const after = joinStateAfter(internals.unicodeService, tail.text, 0);
  return (
    clusterWidth(internals.unicodeService, tail.text) === tail.width &&
    widthOf(after) === widthOf(precedingJoinState) &&
    joinKind(after) === joinKind(precedingJoinState) &&
    // an underline colour may wait for an underline, unseen in the cell
    isSamePen(tail.pen, { ...pen, underlineColor: tail.pen.underlineColor })
  );
}

function isLastCellPrintable({ internals, links }: Cells): boolean {
  const { cols, buffers } = internals._bufferService;
  const line = buffers.active.lines.get(buffers.active.ybase + buffers.active.y);
  if (!line) return false;
  const reader = new LineReader(line, links);
  const lead = reader.width(cols - 1) === 0 ? cols - 2 : cols - 1;
  const width = clusterWidth(internals.unicodeService, reader.text(lead));
  if (isOddCellPen(reader.pen(lead)) || isAfterHalf({ internals, links }, lead)) return false;
  return reader.text(lead) !== "" && width === reader.width(lead) && width === cols - lead;
}

type Cells = Pick<CheckpointSource, "internals" | "links">;

/** Printing after half a wide character would take that half away. */
function isAfterHalf({ internals, links }: Cells, x: number): boolean {
  const { active } = internals._bufferService.buffers;
  const line = active.lines.get(active.ybase + active.y);
  return line !== undefined && x > 0 && new LineReader(line, links).width(x - 1) === 2;
}
