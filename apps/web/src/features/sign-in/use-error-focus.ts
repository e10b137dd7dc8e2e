import { type RefObject, useCallback, useEffect, useRef, useState } from "react";

interface ErrorFocus {
  /** Around the fields and the failure. */
  form: RefObject<HTMLFormElement | null>;
  /** Called with what sets the error: the keyboard goes there once it is drawn. */
  pointOut(): void;
}

/**
 * After a try that was refused the keyboard is at what is wrong: the first field that is marked, with its text selected,
 * else the failure itself. @param failed it was refused before this form came
 */
export function useErrorFocus(failed = false): ErrorFocus {
  const form = useRef<HTMLFormElement>(null);
  const [tries, setTries] = useState(failed ? 1 : 0);
  useEffect(() => {
    if (tries === 0) return;
    // fields stand before the failure: the first of both is the one that is meant
    const found = form.current?.querySelector<HTMLElement>('[aria-invalid="true"], [role="alert"]');
    found?.focus();
    if (found instanceof HTMLInputElement) found.select();
  }, [tries]);
  return { form, pointOut: useCallback(() => setTries((before) => before + 1), []) };
}
