import { type ComponentProps, type ReactNode, useId } from "react";

type TextFieldProps = Omit<ComponentProps<"input">, "id"> & {
  label: ReactNode;
  /** Said below the field and tied to it; marks the field as invalid. */
  error?: string | undefined;
  /** Id of what says, elsewhere, why this field is wrong. */
  blamedBy?: string | undefined;
  /** After the input, inside the frame. */
  trailing?: ReactNode;
};

export function TextField({ label, error, blamedBy, trailing, className, ...rest }: TextFieldProps) {
  const id = useId();
  const isWrong = error !== undefined || blamedBy !== undefined;
  return (
    <div>
      <label className="label" htmlFor={id}>
        {label}
      </label>
      <span className={isWrong ? "field lg invalid" : "field lg"}>
        <input
          {...rest}
          id={id}
          className={className}
          aria-invalid={isWrong || undefined}
          aria-describedby={error ? `${id}-error` : blamedBy}
        />
        {trailing}
      </span>
      {error && (
        <span className="field-error" id={`${id}-error`}>
          {error}
        </span>
      )}
    </div>
  );
}
