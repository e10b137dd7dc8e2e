import { type ComponentType, lazy, type ReactNode, Suspense, useEffect, useState } from "react";
import { Button } from "./button.tsx";
import { Notice } from "./notice.tsx";

/**
 * A part of a page that is a file of its own, loaded when it is shown first. Nothing stands in its place until then; where it
 * cannot be had, that is said in its place, and the rest of the page goes on.
 */
export function lazyPart<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  const Part = lazy(async (): Promise<{ default: ComponentType<Props> }> => {
    try {
      return { default: await load() };
    } catch {
      return { default: NotLoaded };
    }
  });
  return (props) => (
    <Suspense fallback={null}>
      <Part {...props} />
    </Suspense>
  );
}

/**
 * Like `lazyPart`, for what is needed soon after the page is there: `load` begins to load it, and what is loaded by then is shown with
 * everything around it. React would show what waits in its place for 300 ms at least, however soon it comes.
 *
 * @param waiting stands in its place until then
 */
export function earlyPart<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  waiting: ReactNode,
): { Part: ComponentType<Props>; load(): Promise<unknown> } {
  let loaded: ComponentType<Props> | undefined;
  let loading: Promise<unknown> | undefined;
  const begin = (): Promise<unknown> => {
    loading ??= load().then(
      (part) => {
        loaded = part;
      },
      () => {
        loaded = NotLoaded;
      },
    );
    return loading;
  };
  const Part = (props: Props): ReactNode => {
    const [Loaded, show] = useState(() => loaded);
    useEffect(() => {
      if (Loaded === undefined) void begin().then(() => show(() => loaded));
    }, [Loaded]);
    return Loaded === undefined ? waiting : <Loaded {...props} />;
  };
  return { Part, load: begin };
}

function NotLoaded() {
  return (
    <Notice
      alert
      icon="warning"
      tone="warn"
      title="This part of the page could not be loaded"
      actions={
        <Button variant="primary" onClick={() => window.location.reload()}>
          Reload
        </Button>
      }
    >
      <p>The server did not answer, or was updated while this page was open. Your terminals will be found again.</p>
    </Notice>
  );
}
