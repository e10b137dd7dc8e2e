import { useId } from "react";
import { Icon } from "../../lib/icons.tsx";

/** Shorter ones than a login's longest; GetSessionToken gives no more than 36 hours. */
const CHOICES = [1, 2, 4, 8, 12, 24];
const SESSION_HOURS_MAX = 36;

interface Props {
  disabled: boolean;
  /** Empty: as long as it may be. */
  hours: string;
  /** Longest duration of a login, in hours. */
  hoursMax: number;
  onHours(hours: string): void;
}

/** How long the keys last that an MFA code gives. */
export function SessionLength({ disabled, hours, hoursMax, onHours }: Props) {
  const id = useId();
  const longest = Math.min(hoursMax, SESSION_HOURS_MAX);
  return (
    <div>
      <label className="label" htmlFor={id}>
        Session length
      </label>
      <span className="field lg">
        <select id={id} disabled={disabled} value={hours} onChange={(event) => onHours(event.target.value)}>
          {CHOICES.filter((choice) => choice < longest).map((choice) => (
            <option key={choice} value={choice}>
              {hoursText(choice)}
            </option>
          ))}
          <option value="">{hoursText(longest)}</option>
        </select>
        <Icon name="down" size="sm" />
      </span>
    </div>
  );
}

function hoursText(hours: number): string {
  return `${hours}\u00a0${hours === 1 ? "hour" : "hours"}`;
}
