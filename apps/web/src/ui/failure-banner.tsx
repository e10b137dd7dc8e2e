import { describeFailure } from "../lib/failure.ts";
import { Icon } from "../lib/icons.tsx";
import { Evidence } from "./evidence.tsx";

/** A failed action, where the action was: announced at once. The keyboard can be put on it. */
export function FailureBanner({ error, id }: { error: unknown; id?: string }) {
  const failure = describeFailure(error);
  return (
    <div className="banner bad" role="alert" id={id} tabIndex={-1}>
      <Icon name="warning" />
      <div className="grow">
        <b>{failure.title}.</b> {failure.cause} {failure.remedy}
        <br />
        <Evidence text={failure.evidence} />
      </div>
    </div>
  );
}
