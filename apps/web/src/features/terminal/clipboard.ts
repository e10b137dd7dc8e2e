/** Text into the system clipboard, on a person's key: by the permission-free way where the asynchronous one is missing. */
export function copySelection(text: string): void {
  const written = navigator.clipboard?.writeText(text);
  if (written === undefined) copyByCommand();
  else written.catch(() => copyByCommand());
}

/** The emulator answers the `copy` event with its selection. */
function copyByCommand(): void {
  document.execCommand("copy");
}
