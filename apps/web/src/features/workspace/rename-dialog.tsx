import { TAB_NAME_LENGTH_MAX } from "@causeway/wire-contract/preferences";
import { Dialog } from "radix-ui";
import { type FormEvent, useState } from "react";
import { Button } from "../../ui/button.tsx";
import { TextField } from "../../ui/text-field.tsx";

interface Props {
  /** The person's own name for it; "": it has none. */
  name: string;
  /** What it is called without one. */
  instanceName: string;
  onRename(name: string): void;
  onCancel(): void;
}

export function RenameDialog({ name: before, instanceName, onRename, onCancel }: Props) {
  const [name, setName] = useState(before);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onRename(name);
  };
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onCancel()}>
      <Dialog.Portal>
        <Dialog.Overlay className="scrim" />
        <Dialog.Content
          data-modal=""
          className="dialog"
          aria-describedby={undefined}
          onCloseAutoFocus={(event) => event.preventDefault()}
        >
          <Dialog.Title asChild>
            <h2>Rename the tab</h2>
          </Dialog.Title>
          <form className="form" onSubmit={submit}>
            <TextField
              label="Name"
              placeholder={instanceName}
              maxLength={TAB_NAME_LENGTH_MAX}
              autoComplete="off"
              value={name}
              onFocus={(event) => event.target.select()}
              onChange={(event) => setName(event.target.value)}
            />
            <p className="t12 t3">Without a name it is called by its instance again.</p>
            <div className="dialog-actions">
              <Button variant="primary" type="submit">
                Rename
              </Button>
              <Button variant="ghost" onClick={onCancel}>
                Cancel
              </Button>
            </div>
          </form>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
