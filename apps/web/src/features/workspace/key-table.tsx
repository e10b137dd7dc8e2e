/**
 * Every chord there is, and the way to choose others. A chord is recorded by pressing it; what that costs is said before it counts.
 */
import { type KeyboardEvent, useEffect, useId, useLayoutEffect, useRef, useState } from "react";
import { Button, IconButton } from "../../ui/button.tsx";
import { Keys } from "../../ui/keys.tsx";
import { type Chord, capsOf, chordOfEvent } from "./chord.ts";
import {
  hasAltDigits,
  judgeChord,
  type Verdict,
  withAltDigits,
  withChord,
  withDefault,
  withoutChord,
} from "./key-choice.ts";
import "./key-table.css";
import { ACTIONS, type ActionGroup, type ActionId, type ChosenChords, type Keymap } from "./keymap.ts";

interface Props {
  keymap: Keymap;
  chosen: ChosenChords;
  onChoose(chosen: ChosenChords): void;
  /** A chord is waited for, or no more: meanwhile Esc means that. */
  onRecording?(isRecording: boolean): void;
}

const GROUPS: readonly ActionGroup[] = ["Go", "Panes", "Tabs", "Terminal"];
const FIXED: readonly { words: string; mac: string[][]; other: string[][] }[] = [
  { words: "Copy", mac: [["⌘", "C"]], other: [["Ctrl", "Shift", "C"]] },
  {
    words: "Paste",
    mac: [["⌘", "V"]],
    other: [
      ["Ctrl", "Shift", "V"],
      ["Shift", "Insert"],
    ],
  },
  {
    words: "Scroll",
    mac: [
      ["⇧", "PageUp"],
      ["⇧", "PageDown"],
    ],
    other: [
      ["Shift", "PageUp"],
      ["Shift", "PageDown"],
    ],
  },
];

export function KeyTable({ keymap, chosen, onChoose, onRecording }: Props) {
  const { platform } = keymap;
  const [recording, setRecording] = useState<ActionId>();
  const isRecording = recording !== undefined;
  useEffect(() => onRecording?.(isRecording), [isRecording, onRecording]);
  const groupsId = useId();
  const rowsOf = (group: ActionGroup) =>
    ACTIONS.filter(
      // nine rows that one choice makes: shown once they have chords
      ({ id, group: of }) => of === group && (!id.startsWith("go-to-tab-") || keymap.caps(id).length > 0),
    );
  return (
    <div className="key-table">
      <p>Only these are taken from the shell. Every other key reaches it.</p>
      {GROUPS.map((group) => (
        <section key={group} aria-labelledby={`${groupsId}-${group}`}>
          <h3 id={`${groupsId}-${group}`}>{group}</h3>
          <ul>
            {rowsOf(group).map(({ id, words }) => (
              <KeyRow
                key={id}
                id={id}
                words={words}
                keymap={keymap}
                isChosen={chosen[id] !== undefined}
                recording={recording === id}
                onRecord={(on) => setRecording(on ? id : undefined)}
                onChord={(chord) => onChoose(withChord(chosen, id, chord, keymap))}
                onNone={() => onChoose(withoutChord(chosen, id, platform))}
                onReset={() => onChoose(withDefault(chosen, id, platform))}
              />
            ))}
            {group === "Tabs" && platform !== "mac" && (
              <li className="keys-row">
                <label className="keys-check">
                  <input
                    type="checkbox"
                    checked={hasAltDigits(chosen)}
                    onChange={(event) => onChoose(withAltDigits(chosen, event.target.checked))}
                  />
                  Alt+1 to 9 go to tabs; the shell gets them no more
                </label>
              </li>
            )}
            {group === "Terminal" &&
              FIXED.map(({ words, [platform]: chords }) => (
                <li key={words} className="keys-row">
                  <span className="grow">{words}</span>
                  {chords.map((caps) => (
                    <Keys key={caps.join("+")} caps={caps} />
                  ))}
                </li>
              ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

/** All chords are the table's again. */
export function ResetKeys({ chosen, onChoose }: Pick<Props, "chosen" | "onChoose">) {
  return (
    <Button size="sm" disabled={Object.keys(chosen).length === 0} onClick={() => onChoose({})}>
      Reset all
    </Button>
  );
}

interface RowProps {
  id: ActionId;
  words: string;
  keymap: Keymap;
  isChosen: boolean;
  recording: boolean;
  onRecord(on: boolean): void;
  onChord(chord: Chord): void;
  onNone(): void;
  onReset(): void;
}

function KeyRow({ id, words, keymap, isChosen, recording, onRecord, onChord, onNone, onReset }: RowProps) {
  const change = useRef<HTMLButtonElement>(null);
  const [pressed, setPressed] = useState<{ chord: Chord; verdict: Verdict }>();
  const caps = keymap.caps(id);
  const isDone = useRef(false);
  useLayoutEffect(() => {
    // the keyboard goes back to where it came from, unless it went elsewhere by itself
    if (!recording && isDone.current) change.current?.focus();
    isDone.current = false;
    if (!recording) setPressed(undefined);
  }, [recording]);
  const stop = (): void => {
    isDone.current = true;
    onRecord(false);
  };
  const take = (chord: Chord): void => {
    onChord(chord);
    stop();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!recording || event.key === "Tab") return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Escape") stop();
    const chord = event.key === "Escape" ? undefined : chordOfEvent(event.nativeEvent);
    if (chord === undefined) return;
    const verdict = judgeChord(chord, id, keymap);
    if (verdict.kind === "free") take(chord);
    else setPressed({ chord, verdict });
  };
  return (
    <li className={recording ? "keys-row recording" : "keys-row"}>
      <span className="grow">{words}</span>
      {recording ? (
        <span className="keys-record" data-records-keys>
          <button
            type="button"
            className="btn sm"
            // the button was asked for by the person: the next key is for it
            ref={(element) => element?.focus()}
            aria-label={`Press the keys for: ${words}`}
            onKeyDown={onKeyDown}
            onBlur={(event) => {
              if (!event.currentTarget.parentElement?.contains(event.relatedTarget)) onRecord(false);
            }}
          >
            {pressed ? <Keys caps={capsOf(pressed.chord, keymap.platform)} /> : "Press the keys, or Esc"}
          </button>
          {pressed && pressed.verdict.kind !== "refused" && (
            <Button size="sm" variant="primary" onClick={() => take(pressed.chord)}>
              Use it
            </Button>
          )}
          <span role="status" className="t12 warn-text">
            {pressed && verdictWords(pressed.verdict)}
          </span>
        </span>
      ) : (
        <>
          {caps.length > 0 ? <Keys caps={caps} /> : <span className="t3 t12">no keys</span>}
          {isChosen && (
            <Button size="sm" variant="ghost" aria-label={`Reset: ${words}`} onClick={onReset}>
              Reset
            </Button>
          )}
          {caps.length > 0 && <IconButton icon="close" label={`Take the keys away: ${words}`} onClick={onNone} />}
          <button
            ref={change}
            type="button"
            className="btn sm"
            aria-label={`Change the keys: ${words}`}
            onClick={() => onRecord(true)}
          >
            Change
          </button>
        </>
      )}
    </li>
  );
}

function verdictWords(verdict: Verdict): string {
  if (verdict.kind === "refused") return verdict.why;
  if (verdict.kind === "shell") return "The shell will not get this key any more.";
  if (verdict.kind === "free") return "";
  const words = ACTIONS.find(({ id }) => id === verdict.by)?.words;
  return `“${words}” has it, and would have none.`;
}
