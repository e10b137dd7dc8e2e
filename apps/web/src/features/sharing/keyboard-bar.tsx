/** What a viewer may do about the keyboard, and how it stands; below the terminal. */
import type { PresentPerson } from "@causeway/wire-contract/sharing";
import { ANSWER_WITHIN_MS } from "@causeway/wire-contract/sharing";
import type { ReactNode, RefObject } from "react";
import { Icon, type IconName } from "../../lib/icons.tsx";
import { Button } from "../../ui/button.tsx";
import type { SharingView } from "./sharing-store.ts";

export type ViewerAct = "ask" | "cancel" | "give-back";

interface Props {
  view: SharingView;
  me: PresentPerson | undefined;
  owner: { name: string; role: string };
  nowMs: number;
  /** Has the keyboard when a key was pressed that went nowhere. */
  askButton: RefObject<HTMLButtonElement | null>;
  onAct(act: ViewerAct): void;
}

/** A second typist is named for so long, in milliseconds (DESIGN §7). */
const OTHER_TYPES_MS = 500;

export function KeyboardBar({ view, me, owner, nowMs, askButton, onAct }: Props) {
  const { name, role } = owner;
  const logged = `You type as ${role} through ${name}'s session. It is logged under your name.`;
  const ask = (
    <Button ref={askButton} variant="primary" icon="hand" onClick={() => onAct("ask")}>
      Request control
    </Button>
  );
  const giveBack = <Button onClick={() => onAct("give-back")}>Give back</Button>;
  if (me === undefined)
    return (
      <Bar icon="eye" title="You are watching." detail="The connection is being made: typing here does nothing." />
    );
  const left = secondsLeft(me.until, nowMs);
  if (me.mode === "view")
    return (
      <Bar icon="eye" title="You are watching." detail="The link is for watching only: typing here does nothing." />
    );
  if (me.mode === "type") {
    const { typist } = view;
    const other = typist && typist.who !== view.you && nowMs - typist.atMs < OTHER_TYPES_MS ? typist.who : undefined;
    const typing = other && view.people.find(({ key }) => key === other)?.name;
    return (
      <Bar icon="keyboard" tone="holds" title={typing ? `${typing} is typing.` : "You may type."} detail={logged} />
    );
  }
  switch (me.keyboard) {
    case "asked":
      return (
        <Bar
          mark={<Ring leftMs={(me.until ?? nowMs) - nowMs} />}
          title={`Asked ${name} for the keyboard.`}
          detail={`Waiting, ${secondsLeft(me.until && Math.min(me.until, nowMs + ANSWER_WITHIN_MS), nowMs)} left. You can keep watching.`}
        >
          <Button onClick={() => onAct("cancel")}>Cancel</Button>
        </Bar>
      );
    case "refused":
      return <Bar icon="eye" title={`${name} said not now.`} detail={`You may ask again in ${left}.`} />;
    case "holding":
      return (
        <Bar icon="keyboard" tone="holds" title="You have the keyboard." detail={logged}>
          {giveBack}
        </Bar>
      );
    case "owner-away":
      return (
        <Bar
          icon="keyboard"
          tone="holds"
          title={`${name} is away.`}
          detail={`You keep the keyboard for ${left}, then nobody has it.`}
        >
          {giveBack}
        </Bar>
      );
    case "taken-back":
    case "watching": {
      if (view.ownerAway || view.refusal === "KEYBOARD_OWNER_AWAY")
        return <Bar icon="eye" title={`${name} is away.`} detail="Nobody can give you the keyboard now." />;
      const title = me.keyboard === "taken-back" ? `${name} took the keyboard back.` : "You are watching.";
      return (
        <Bar icon="eye" title={title} detail="Typing here does nothing.">
          {ask}
        </Bar>
      );
    }
    default:
      return me.keyboard satisfies never;
  }
}

interface BarProps {
  title: string;
  detail: string;
  icon?: IconName;
  mark?: ReactNode;
  tone?: "plain" | "holds";
  children?: ReactNode;
}

/** The seconds in it go by in silence: the state is announced, the count is not. */
function Bar({ title, detail, icon, mark, tone = "plain", children }: BarProps) {
  return (
    <section className={`keyboard-bar ${tone}`} aria-label="Keyboard">
      {icon ? <Icon name={icon} /> : mark}
      <span className="grow">
        <b className="med" role="status">
          {title}
        </b>{" "}
        <span className="t2 num">{detail}</span>
      </span>
      {children}
    </section>
  );
}

const RING_RADIUS = 9;

function Ring({ leftMs }: { leftMs: number }) {
  const share = Math.min(1, Math.max(0, leftMs / ANSWER_WITHIN_MS));
  const round = 2 * Math.PI * RING_RADIUS;
  return (
    <svg className="keyboard-ring" viewBox="0 0 22 22" aria-hidden="true">
      <circle cx="11" cy="11" r={RING_RADIUS} />
      <circle cx="11" cy="11" r={RING_RADIUS} strokeDasharray={`${share * round} ${round}`} className="left" />
    </svg>
  );
}

function secondsLeft(until: number | undefined, nowMs: number): string {
  return `${Math.max(0, Math.ceil(((until ?? nowMs) - nowMs) / 1000))}\u00a0s`;
}
