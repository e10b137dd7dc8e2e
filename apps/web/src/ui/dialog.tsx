/** Asks before something that cannot be taken back. Focus is trapped and returned by Radix. */
import { AlertDialog } from "radix-ui";
import type { ReactNode } from "react";

interface AskProps {
  open: boolean;
  title: string;
  children: ReactNode;
  actions: ReactNode;
  /** Escape, or the way out without doing anything. */
  onCancel(): void;
}

export function Ask({ open, title, children, actions, onCancel }: AskProps) {
  return (
    <AlertDialog.Root
      open={open}
      onOpenChange={(next) => {
        if (!next) onCancel();
      }}
    >
      <AlertDialog.Portal>
        <AlertDialog.Overlay className="scrim" />
        <AlertDialog.Content className="dialog">
          <AlertDialog.Title asChild>
            <h2>{title}</h2>
          </AlertDialog.Title>
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
