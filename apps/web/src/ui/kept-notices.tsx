/** What the page has told, to be read again: beside the bell that opens it. Focus, Escape and the click outside are Radix's. */
import { Dialog } from "radix-ui";
import type { RefObject } from "react";
import { formatSpan } from "../lib/relative-time.ts";
import { IconButton } from "./button.tsx";
import "./kept-notices.css";
import type { KeptNotice } from "./toasts.ts";

interface Props {
  notices: readonly KeptNotice[];
  /** On the clock of the notices, in milliseconds. */
  nowMs: number;
  /** Gets the keyboard back. */
  opener: RefObject<HTMLElement | null>;
  onClose(): void;
}

/** Open for as long as it is rendered. */
export function KeptNotices({ notices, nowMs, opener, onClose }: Props) {
  return (
    <Dialog.Root
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      <Dialog.Portal>
        <Dialog.Content
          className="kept-notices"
          aria-describedby={undefined}
          data-modal=""
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            opener.current?.focus();
          }}
        >
          <div className="kept-notices-head">
            <Dialog.Title asChild>
              <h2>Notices</h2>
            </Dialog.Title>
            <IconButton icon="close" label="Close" onClick={onClose} />
          </div>
          {notices.length === 0 ? (
            <p className="t3">Nothing has been told since this page was loaded.</p>
          ) : (
            <ul>
              {notices.map(({ id, title, detail, tone, atMs }) => (
                <li key={id} className={tone === "bad" ? "bad" : ""}>
                  <b className="med">{title}</b>
                  {detail && <div className="t12 t2">{detail}</div>}
                  <div className="t11 t3">{formatSpan(nowMs - atMs)} ago</div>
                </li>
              ))}
            </ul>
          )}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
