import { Fragment, useEffect, useRef } from "react";
import { Button } from "../../ui/button.tsx";
import { Keys } from "../../ui/keys.tsx";
import { Notice } from "../../ui/notice.tsx";
import type { ActionId, Keymap } from "./keymap.ts";

interface Props {
  /** Instances in the chosen region, when known. */
  count: number | undefined;
  keymap: Keymap;
  /** Counts up when the keyboard shall come here: there is no terminal to go to. */
  focusRequests: number;
  onFind(): void;
}

const CHORD_HINTS: readonly [ActionId, string][] = [
  ["split-right", "split right"],
  ["share", "share"],
  ["focus-list", "instance list"],
];

/** Nothing is open: what to do, and the keys for it. */
export function EmptyWorkspace({ count, keymap, focusRequests, onFind }: Props) {
  const find = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (focusRequests > 0) find.current?.focus();
  }, [focusRequests]);
  return (
    <Notice
      icon="terminal"
      tone="acc"
      title="Open a terminal"
      actions={
        <Button ref={find} variant="primary" onClick={onFind}>
          Find an instance <Keys caps={["/"]} />
        </Button>
      }
      footer={
        <dl className="key-hints">
          <Hint caps={["↵"]} label="open" />
          {CHORD_HINTS.filter(([id]) => keymap.caps(id).length > 0).map(([id, label]) => (
            <Fragment key={id}>
              <Hint caps={keymap.caps(id)} label={label} />
            </Fragment>
          ))}
        </dl>
      }
    >
      <p>Pick an instance from the list{count ? `, or search all ${count} of them` : ""}.</p>
    </Notice>
  );
}

function Hint({ caps, label }: { caps: readonly string[]; label: string }) {
  return (
    <div>
      <dt>
        <Keys caps={caps} />
      </dt>
      <dd>{label}</dd>
    </div>
  );
}
