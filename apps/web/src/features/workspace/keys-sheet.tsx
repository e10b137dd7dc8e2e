/** The table of chords as a dialog over the terminals. */
import { Dialog } from "radix-ui";
import { type ComponentProps, useState } from "react";
import { IconButton } from "../../ui/button.tsx";
import { KeyTable, ResetKeys } from "./key-table.tsx";

type Props = Omit<ComponentProps<typeof KeyTable>, "onRecording"> & { onClose(): void };

export function KeysSheet({ onClose, ...table }: Props) {
  const [isRecording, setRecording] = useState(false);
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="scrim" />
        <Dialog.Content
          data-modal=""
          className="dialog keys-sheet"
          aria-describedby={undefined}
          onEscapeKeyDown={(event) => isRecording && event.preventDefault()}
          onCloseAutoFocus={(event) => event.preventDefault()}
        >
          <header className="keys-head">
            <Dialog.Title asChild>
              <h2>Keys</h2>
            </Dialog.Title>
            <ResetKeys {...table} />
            <Dialog.Close asChild>
              <IconButton icon="close" label="Close" />
            </Dialog.Close>
          </header>
          <KeyTable {...table} onRecording={setRecording} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
