/** Asks before something that cannot be taken back. Focus is trapped and returned by Radix. */
import { AlertDialog } from "radix-ui";
import type { ReactNode, RefObject } from "react";

interface AskProps {
  open: boolean;
  title: string;
  children: ReactNode;
  actions: ReactNode;
  /** Beside the title. */
  aside?: ReactNode;
  /** Room for text of a terminal. */
  wide?: boolean;
  /** Has the keyboard first; default: Cancel. */
  first?: RefObject<HTMLElement | null>;
  /** It is gone: the keyboard may be put where it belongs. Without it, back to what opened the dialog. */
  onClosed?(): void;
  /** Escape, or the way out without doing anything. */
  onCancel(): void;
}

export function Ask({ open, title, aside, wide = false, first, onClosed, children, actions, onCancel }: AskProps) {
  return (
    <AlertDialog.Root
      open={open}
      onOpenChange={(next) => {
        if (!next) onCancel();
      }}
    >
      <AlertDialog.Portal>
        <AlertDialog.Overlay className="scrim" />
        <AlertDialog.Content data-modal="" className={wide ? "dialog wide" : "dialog"} {...focusing(first, onClosed)}>
          <div className="dialog-head">
            <AlertDialog.Title asChild>
              <h2>{title}</h2>
            </AlertDialog.Title>
            {aside}
          </div>
          <AlertDialog.Description asChild>
            <div className="dialog-text">{children}</div>
          </AlertDialog.Description>
          <div className="dialog-actions">
            {actions}
            <AlertDialog.Cancel asChild>
              <button type="button" className="btn ghost end-aligned">
                Cancel
              </button>
            </AlertDialog.Cancel>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}

function focusing(first: AskProps["first"], onClosed: AskProps["onClosed"]) {
  return {
    ...(first && {
      onOpenAutoFocus: (event: Event) => {
        event.preventDefault();
        first.current?.focus();
      },
    }),
    ...(onClosed && {
      onCloseAutoFocus: (event: Event) => {
        event.preventDefault();
        onClosed();
      },
    }),
  };
}
