/** The file of settings beside them, as Export saves it, where the window is wide (screen 09): each choice is seen in it at once. */
import { Icon } from "../../lib/icons.tsx";
import { IconButton } from "../../ui/button.tsx";
import { useCopied } from "../../ui/use-copied.ts";
import { jsonLines } from "./json-lines.ts";

export function SettingsDocument({ text }: { text: string }) {
  const [copied, copy] = useCopied(text);
  return (
    <aside className="settings-document" aria-label="Settings as JSON">
      <header>
        <Icon name="log" />
        <b className="med grow">Document</b>
        <IconButton icon={copied ? "check" : "copy"} label={copied ? "Copied" : "Copy the document"} onClick={copy} />
      </header>
      <section aria-label="Document" tabIndex={0}>
        {jsonLines(text).map((pieces, index) => (
          // a line has no other name than its number
          <code key={`${index + 1}`} data-n={index + 1}>
            {pieces.map(({ kind, text: part }, at) => (
              <span key={`${at + 1}`} className={kind}>
                {part}
              </span>
            ))}
          </code>
        ))}
      </section>
      <p className="t12 t3">What you chose differently, as Export saves it. Import takes such a file.</p>
    </aside>
  );
}
