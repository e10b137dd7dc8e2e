/** Fields whose text is in force once it is right: while it is being typed it may not be. */
import { Settings } from "@causeway/wire-contract/preferences";
import { useEffect, useId, useState } from "react";
import { Value } from "typebox/value";

interface NumberProps {
  label: string;
  unit: string;
  value: number;
  least: number;
  most: number;
  onChange(value: number): void;
}

export function NumberField({ label, unit, value, least, most, onChange }: NumberProps) {
  const range = `${least.toLocaleString("en")} to ${most.toLocaleString("en")}\u00a0${unit}`;
  return (
    <Field
      label={label}
      value={String(value)}
      hint={range}
      inputMode="numeric"
      problemOf={(text) =>
        /^\d+$/.test(text) && Number(text) >= least && Number(text) <= most ? undefined : `A whole number, ${range}`
      }
      onChange={(text) => onChange(Number(text))}
    />
  );
}

export function FontFamilyField({ value, onChange }: { value: string; onChange(value: string): void }) {
  return (
    <Field
      label="Font"
      value={value}
      hint="One that is installed here; empty for the system's own"
      placeholder="System"
      problemOf={(text) =>
        Value.Check(Settings, { fontFamily: text }) ? undefined : "The name of one font, without quotes and commas"
      }
      onChange={onChange}
    />
  );
}

interface FieldProps {
  label: string;
  value: string;
  hint: string;
  placeholder?: string;
  inputMode?: "numeric";
  problemOf(text: string): string | undefined;
  onChange(text: string): void;
}

function Field({ label, value, hint, placeholder, inputMode, problemOf, onChange }: FieldProps) {
  const id = useId();
  const [text, setText] = useState(value);
  // chosen elsewhere, or imported
  useEffect(() => setText(value), [value]);
  const problem = problemOf(text);
  const take = (): void => {
    if (problem === undefined && text !== value) onChange(text);
  };
  return (
    <div className="setting">
      <label className="setting-label" htmlFor={id}>
        {label}
      </label>
      <span className={problem === undefined ? "field" : "field invalid"}>
        <input
          id={id}
          value={text}
          placeholder={placeholder}
          inputMode={inputMode}
          autoComplete="off"
          spellCheck={false}
          aria-invalid={problem !== undefined}
          aria-describedby={`${id}-hint`}
          onChange={(event) => setText(event.target.value)}
          onBlur={take}
          onKeyDown={(event) => {
            if (event.key === "Enter" && !event.nativeEvent.isComposing) take();
          }}
        />
      </span>
      <span id={`${id}-hint`} className={problem === undefined ? "t12 t3" : "field-error"}>
        {problem ?? hint}
      </span>
    </div>
  );
}
