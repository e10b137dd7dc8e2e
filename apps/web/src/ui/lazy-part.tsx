import { type ComponentType, lazy, Suspense } from "react";
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
