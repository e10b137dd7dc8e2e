/** Shows what would be pasted before a shell gets it (DESIGN §6). */
import "./paste.css";
import { useLayoutEffect, useRef, useState } from "react";
import type { Environment } from "../../../lib/environment.ts";
import { Button } from "../../../ui/button.tsx";
import { Ask } from "../../../ui/dialog.tsx";
import { asOneLine, countLines, type PasteAsk, PREVIEW_LINES_MAX, previewLines } from "./paste-rules.ts";
import { askReasons, askTitle } from "./paste-words.ts";

interface Props {
  ask: PasteAsk;
  instanceName: string;
  environment: Environment | undefined;
  /** @param text to be pasted; undefined: nothing */
  onAnswer(text: string | undefined): void;
  onClosed(): void;
}

export function PasteGuard({ ask, instanceName, environment, onAnswer, onClosed }: Props) {
  const [edited, setEdited] = useState<string>();
  const paste = useRef<HTMLButtonElement>(null);
  const isEditing = edited !== undefined;
  const text = edited ?? ask.text;
  const isOneLine = countLines(text) === 1;
  return (
    <Ask
      open
      wide
      title={askTitle(ask, instanceName)}
      aside={environment && <span className={`env e-${environment.colour}`}>{environment.word}</span>}
      first={paste}
      onClosed={onClosed}
      onCancel={() => onAnswer(undefined)}
      actions={
        <>
          <Button ref={paste} variant="primary" disabled={text === ""} onClick={() => onAnswer(text)}>
            Paste {!isEditing && <kbd className="kbd">↵</kbd>}
          </Button>
          {!isOneLine && <Button onClick={() => onAnswer(asOneLine(text))}>As one line</Button>}
          {!isEditing && <Button onClick={() => setEdited(ask.text)}>Edit</Button>}
        </>
      }
    >
      {isEditing ? <Editor text={edited} onText={setEdited} /> : <Preview ask={ask} />}
      <ul className="paste-reasons">
        {askReasons(ask.reasons).map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
    </Ask>
  );
}

function Editor({ text, onText }: { text: string; onText(text: string): void }) {
  const field = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => field.current?.focus(), []);
  return (
    <textarea
      ref={field}
      className="paste-edit mono"
      aria-label="Text to paste"
      spellCheck={false}
      value={text}
      onChange={(event) => onText(event.target.value)}
    />
  );
}

function Preview({ ask }: { ask: PasteAsk }) {
  const more = ask.lines - PREVIEW_LINES_MAX;
  return (
    <>
      <ol className="paste-preview mono" aria-label="First lines">
        {previewLines(ask.text).map(({ number, parts, isCut, isRun }) => (
          <li key={number}>
            {parts.map(({ at, text, isControl }) => (isControl ? <mark key={at}>{text}</mark> : text))}
            {isCut && <span className="t3">…</span>}
            {isRun && (
              <span className="t3" title="A line end: the last line runs, too">
                {" "}
                ⏎
              </span>
            )}
          </li>
        ))}
      </ol>
      {more > 0 && <p className="hint">and {more === 1 ? "1 more line" : `${more.toLocaleString("en")} more lines`}</p>}
    </>
  );
}
