/** An event in words: the catalog's where the event names one of its codes. Pure. */
import type { AuditEvent } from "@causeway/wire-contract/audit";
import { ERROR_CATALOG, type ErrorCode } from "@causeway/wire-contract/error-catalog";
import type { IconName } from "../../lib/icons.tsx";

/** By the beginning of the event's name; the longest that fits counts, so that a new event has an icon too. */
const ICONS: readonly (readonly [start: string, icon: IconName])[] = [
  ["session.start_refused", "fail"],
  ["session.ended", "close"],
  ["session.terminated", "close"],
  ["session.unheld_ended", "close"],
  ["session.attached", "eye"],
  ["session.detached", "eye"],
  ["session.", "terminal"],
  ["sign_in.refused", "fail"],
  ["sign_in.", "key"],
  ["sign_out", "close"],
  ["launch.", "enter"],
  ["credentials.", "refresh"],
  ["person.", "user"],
  ["audit.", "log"],
  ["share.", "external"],
];

export function eventIcon(event: string): IconName {
  return ICONS.find(([start]) => event.startsWith(start))?.[1] ?? "info";
}

/** What stands in the column "On": the machine, or what else was acted on. */
export function eventTarget({ instanceName, instanceId, region, detail }: AuditEvent): string {
  const machine = instanceName || instanceId;
  if (machine === undefined || machine === "") return detail ?? "";
  return [machine, region, detail].filter(Boolean).join(", ");
}

/** Who acted: a person, the server itself, or somebody who was not signed in. */
export function eventActor({ name, ip }: AuditEvent): { kind: "person" | "nobody" | "system"; name: string } {
  if (name !== "") return { kind: "person", name };
  return ip === "" ? { kind: "system", name: "system" } : { kind: "nobody", name: "nobody" };
}

/** Of an event that names a code of the catalog: what happened, why, and what helps. */
export function eventFailure({ detail }: Pick<AuditEvent, "detail">): ErrorWords | undefined {
  const codes = detail?.match(/\b[A-Z][A-Z_]{3,63}\b/g) ?? [];
  const code = codes.find((word) => Object.hasOwn(ERROR_CATALOG, word)) as ErrorCode | undefined;
  return code && ERROR_CATALOG[code];
}

interface ErrorWords {
  title: string;
  cause: string;
  remedy: string;
}

export interface JsonPart {
  text: string;
  kind: "key" | "text" | "other" | "plain";
}

/** JSON cut for colours; together the parts are the text. */
export function jsonParts(json: string): JsonPart[] {
  const parts: JsonPart[] = [];
  let end = 0;
  for (const match of json.matchAll(/("(?:[^"\\]|\\.)*")(\s*:)?|-?\b(?:true|false|null|\d+(?:\.\d+)?)\b/g)) {
    if (match.index > end) parts.push({ text: json.slice(end, match.index), kind: "plain" });
    const [whole, quoted, colon] = match;
    if (quoted === undefined) parts.push({ text: whole, kind: "other" });
    else {
      parts.push({ text: quoted, kind: colon === undefined ? "text" : "key" });
      if (colon !== undefined) parts.push({ text: colon, kind: "plain" });
    }
    end = match.index + whole.length;
  }
  if (end < json.length) parts.push({ text: json.slice(end), kind: "plain" });
  return parts;
}
