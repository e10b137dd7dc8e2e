import type { AuditActivity } from "@causeway/wire-contract/audit";
import { activityWords, axisLabels, barHeight } from "./activity-words.ts";

/** As DESIGN has it, in pixels. */
const HEIGHT = 34;

/** How much happened when; refusals stand out by colour and by a gap below them. */
export function AuditActivityPicture({ activity, endsNow }: { activity: AuditActivity; endsNow: boolean }) {
  const { from, stepMs, steps, countedFrom } = activity;
  const most = Math.max(1, ...steps.map(({ events }) => events));
  const isCounted = (index: number): boolean => countedFrom === undefined || from + (index + 1) * stepMs > countedFrom;
  const labels = axisLabels(activity, endsNow);
  return (
    <div className="audit-activity">
      <div className="bars" role="img" aria-label={activityWords(activity)}>
        {steps.map(({ events, refused }, index) => (
          <i
            key={from + index * stepMs}
            className={isCounted(index) ? (refused > 0 ? "refused" : "") : "uncounted"}
            style={{ height: isCounted(index) ? barHeight(events, most, HEIGHT) : HEIGHT }}
          />
        ))}
      </div>
      <div className="axis num" aria-hidden="true">
        {labels.map((label, index) => (
          <span key={index === labels.length - 1 ? "end" : `${index} ${label}`}>{label}</span>
        ))}
      </div>
      {countedFrom !== undefined && (
        <p className="t12 t3">The newest 10,000 events are counted; what is hatched is older.</p>
      )}
    </div>
  );
}
