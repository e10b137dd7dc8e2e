/**
 * What one person's page remembers in this browser: tabs and panes, where terminals are scrolled to, width and folded groups of the list.
 * Session ids name sessions and grant nothing. Never keys, output or credentials.
 */
import { WorkspaceLayout } from "@causeway/wire-contract/preferences";
import { type Static, Type } from "typebox";
import { Value } from "typebox/value";

export const LIST_WIDTH_PX = { least: 220, usual: 288, most: 420 } as const;

/** Groups of the list that stay folded; beyond it the one folded first is shown again. */
export const FOLDED_GROUPS_MAX = 50;

/** Terminals whose place is remembered: as many as one person's sessions. */
export const SCROLLED_MAX = 50;

const Remembered = Type.Object({
  layout: Type.Optional(WorkspaceLayout),
  /** Where a person read earlier output when the page went, in lines above the end; sessions that are not named follow theirs. */
  scrolled: Type.Optional(
    Type.Array(
      Type.Object({
        session: Type.String({ maxLength: 64 }),
        linesUp: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
      }),
      { maxItems: SCROLLED_MAX },
    ),
  ),
  listWidthPx: Type.Number({ minimum: LIST_WIDTH_PX.least, maximum: LIST_WIDTH_PX.most }),
  listHidden: Type.Boolean(),
  region: Type.Optional(Type.String({ maxLength: 32 })),
  foldedGroups: Type.Optional(Type.Array(Type.String({ maxLength: 800 }), { maxItems: FOLDED_GROUPS_MAX })),
});
export type Remembered = Static<typeof Remembered>;

const NOTHING: Remembered = { listWidthPx: LIST_WIDTH_PX.usual, listHidden: false };

export class WorkspaceStorage {
  readonly #storage: Pick<Storage, "getItem" | "setItem"> | undefined;
  readonly #key: string;
  #remembered: Remembered;

  /** @param storage undefined where the browser forbids it: then nothing survives a reload but the sessions */
  constructor(storage: Pick<Storage, "getItem" | "setItem"> | undefined, person: { account: string; userId: string }) {
    this.#storage = storage;
    this.#key = `causeway-workspace:${person.account}/${person.userId}`;
    this.#remembered = this.#read();
  }

  get remembered(): Remembered {
    return this.#remembered;
  }

  remember(part: Partial<Remembered>): void {
    const next = { ...this.#remembered, ...part };
    const text = JSON.stringify(next);
    if (text === JSON.stringify(this.#remembered)) return;
    this.#remembered = next;
    try {
      this.#storage?.setItem(this.#key, text);
    } catch {
      // full or forbidden: the next reload falls back to the order of starting
    }
  }

  #read(): Remembered {
    try {
      const value: unknown = JSON.parse(this.#storage?.getItem(this.#key) ?? "null");
      return Value.Check(Remembered, value) ? value : NOTHING;
    } catch {
      return NOTHING;
    }
  }
}
