/** The links of one terminal that live, each with what may be done about it. */
import type { ChangeShareRequest, Share, ShareExpiry, ShareMode, SharePolicy } from "@causeway/wire-contract/sharing";
import { Button, IconButton } from "../../ui/button.tsx";
import { Menu, MenuChoice, MenuLabel, MenuRule } from "../../ui/menu.tsx";
import { audienceWords, EXPIRIES, endsWords, MODES } from "./share-words.ts";

interface Props {
  shares: readonly Share[];
  policy: SharePolicy;
  nowMs: number;
  onChange(shareId: string, change: ChangeShareRequest): void;
  onRevoke(shareId: string): void;
}

const TYPING_MODES: readonly ShareMode[] = ["ask", "type"];

export function LinkList({ shares, policy, nowMs, onChange, onRevoke }: Props) {
  return (
    <ul className="share-links" aria-label="Links that live">
      {shares.map((share) => {
        const name = `${MODES[share.mode].name}, ${audienceWords(share)}`;
        return (
          <li key={share.id}>
            <span className="grow trunc">
              <b className="med">{MODES[share.mode].name}</b> <span className="t2">{audienceWords(share)}</span>
              <span className="share-what t12 t3 num">
                {endsWords(share.expiresAt, nowMs)} · {share.watching} of {share.viewersMax} watching
                {share.earlierOutput ? " · earlier output shown" : ""}
              </span>
            </span>
            <Menu align="end" trigger={<IconButton icon="more" label={`Change the link: ${name}`} />}>
              {share.mode !== "view" && policy.typing && (
                <>
                  <MenuLabel>Viewers</MenuLabel>
                  <MenuChoice<ShareMode>
                    label="Viewers"
                    value={share.mode}
                    options={TYPING_MODES.map((mode) => ({ value: mode, label: MODES[mode].name }))}
                    onChange={(mode) => onChange(share.id, { mode })}
                  />
                  <MenuRule />
                </>
              )}
              <MenuLabel>Size</MenuLabel>
              <MenuChoice<"owner" | "smallest">
                label="Size"
                value={share.fitSmallest ? "smallest" : "owner"}
                options={[
                  { value: "owner", label: "Follows you" },
                  { value: "smallest", label: "Fits the smallest screen" },
                ]}
                onChange={(size) => onChange(share.id, { fitSmallest: size === "smallest" })}
              />
              <MenuRule />
              <MenuLabel>Earlier output</MenuLabel>
              <MenuChoice<"hidden" | "shown">
                label="Earlier output"
                value={share.earlierOutput ? "shown" : "hidden"}
                options={[
                  { value: "hidden", label: "Hidden" },
                  { value: "shown", label: "Shown" },
                ]}
                onChange={(earlier) => onChange(share.id, { earlierOutput: earlier === "shown" })}
              />
              <MenuRule />
              <MenuLabel>Ends, from now on</MenuLabel>
              <MenuChoice<ShareExpiry | "as-it-is">
                label="Ends"
                value="as-it-is"
                options={(Object.keys(EXPIRIES) as ShareExpiry[]).map((value) => ({ value, label: EXPIRIES[value] }))}
                onChange={(expires) => {
                  if (expires !== "as-it-is") onChange(share.id, { expires });
                }}
              />
            </Menu>
            <Button size="sm" aria-label={`End the link: ${name}`} onClick={() => onRevoke(share.id)}>
              End
            </Button>
          </li>
        );
      })}
    </ul>
  );
}
