import { useEffect, useState } from "react";

/** How long "Copied" stands, in milliseconds. */
const COPIED_MS = 1_200;

/** What AWS calls the session; a click copies it and leaves the keyboard where it is. */
export function SessionId({ id }: { id: string }) {
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), COPIED_MS);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const copy = (): void => {
    Promise.resolve()
      .then(() => navigator.clipboard.writeText(id))
      .then(
        () => setCopied(true),
        () => undefined, // not allowed here: the id stands there to be read
      );
  };
  return (
    <button
      type="button"
      className="pane-status-id mono"
      title="Session id in AWS; a click copies it"
      onMouseDown={(event) => event.preventDefault()}
      onClick={copy}
    >
      {id}
      <span className="sr" role="status">
        {isCopied && "Copied"}
      </span>
      {isCopied && <span aria-hidden="true"> ✓</span>}
    </button>
  );
}
