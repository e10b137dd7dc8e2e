/** What links, people and states of the keyboard are called. Pure; times are the page's clock, in milliseconds. */
import type {
  NamedPerson,
  Share,
  ShareAudience,
  ShareEndReason,
  ShareExpiry,
  ShareMode,
  SharingEventMessage,
} from "@causeway/wire-contract/sharing";

export const MODES: Readonly<Record<ShareMode, { name: string; what: string }>> = {
  view: { name: "View only", what: "They watch. This link can never be made into one that types." },
  ask: {
    name: "Ask to type",
    what: "They watch, and may ask for the keyboard. You say yes each time, and can take it back with any key.",
  },
  type: { name: "Can type", what: "Whoever comes by this link may type at any time, beside you." },
};

export const AUDIENCES: Readonly<Record<ShareAudience, string>> = {
  account: "People of this AWS account",
  named: "Named people",
  anyone: "Anyone who can sign in",
};

export const EXPIRIES: Readonly<Record<ShareExpiry, string>> = {
  "15-min": "In 15\u00a0min",
  "1-hour": "In 1\u00a0hour",
  "4-hours": "In 4\u00a0hours",
  session: "With the session",
};

const MINUTE_MS = 60_000;

/** "ends in 52 min", "ends in 3 h 5 min", "ends with the session". */
export function endsWords(expiresAt: number | undefined, nowMs: number): string {
  if (expiresAt === undefined) return "ends with the session";
  const minutes = Math.ceil((expiresAt - nowMs) / MINUTE_MS);
  if (minutes <= 0) return "ends now";
  const hours = Math.floor(minutes / 60);
  const rest = [hours > 0 ? `${hours}\u00a0h` : "", minutes % 60 > 0 ? `${minutes % 60}\u00a0min` : ""];
  return `ends in ${rest.filter(Boolean).join(" ")}`;
}

/** Whom a link lets in, in a few words. */
export function audienceWords({ audience, people }: Pick<Share, "audience" | "people">): string {
  return audience === "named" ? people.map(({ name }) => name).join(", ") : AUDIENCES[audience];
}

const ENDED: Readonly<Record<ShareEndReason, string>> = {
  revoked: "Its owner ended it, or does not let you in any more.",
  expired: "Its time is over.",
  "session-ended": "The session has ended.",
  "owner-signed-out": "Its owner signed out.",
  "not-allowed": "The server's settings do not allow it any more.",
};

/** Why a link ended; without a reason, all that it can be. */
export function endedReason(why: ShareEndReason | undefined): string {
  return why === undefined ? "Its time is over, its owner ended it, or the session has ended." : ENDED[why];
}

/** What is sent along with a link, ready to be pasted into a chat. */
export function inviteText(link: string, instanceName: string, mode: ShareMode, ends: string): string {
  const may = { view: "watch", ask: "watch, and ask for the keyboard", type: "watch and type" }[mode];
  return `Join my terminal on ${instanceName}: you can ${may}. The link ${ends}.\n${link}`;
}

/** One thing that happened, as its place in a list: "kofi asked for the keyboard". @param owner the terminal's */
export function happenedWords(event: SharingEventMessage["event"], name: string, owner: string): string {
  switch (event) {
    case "joined":
      return `${name} joined`;
    case "left":
      return `${name} left`;
    case "asked":
      return `${name} asked for the keyboard`;
    case "cancelled":
      return `${name} asks no more`;
    case "allowed":
      return `${owner} gave ${name} the keyboard`;
    case "refused":
      return `${owner} said not now to ${name}`;
    case "no-answer":
      return `Nobody answered ${name}`;
    case "given-back":
      return `${name} gave the keyboard back`;
    case "taken-back":
      return `${owner} took the keyboard back from ${name}`;
    case "returned":
      return `${name} has the keyboard no more`;
    default:
      return event satisfies never;
  }
}

const PERSON = /^(?:(\d{12})\/)?([\w+=,.@-]{1,64})$/;

/**
 * "kofi mira 111122223333/eve@example.com": names with spaces between, those of another account after its number.
 * @param account of who is not told with a number
 * @returns the people, or the first word that is none
 */
export function readPeople(text: string, account: string): { people: NamedPerson[] } | { wrong: string } {
  const people: NamedPerson[] = [];
  for (const word of text.split(/[\s;]+/).filter(Boolean)) {
    const found = PERSON.exec(word);
    if (!found) return { wrong: word };
    people.push({ account: found[1] ?? account, name: found[2] ?? "" });
  }
  return { people };
}
