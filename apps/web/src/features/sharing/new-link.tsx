/** What a new link is to be: mode, whom and how many it lets in, how long, and whether earlier output is shown. */
import type {
  CreateShareRequest,
  ShareAudience,
  ShareExpiry,
  ShareMode,
  SharePolicy,
} from "@causeway/wire-contract/sharing";
import { useId, useState } from "react";
import { Icon, type IconName } from "../../lib/icons.tsx";
import { Button } from "../../ui/button.tsx";
import { Switch } from "../../ui/switch.tsx";
import { AUDIENCES, EXPIRIES, MODES, readPeople } from "./share-words.ts";

interface Props {
  policy: SharePolicy;
  /** Number of the session's AWS account. */
  account: string;
  busy: boolean;
  onMake(request: CreateShareRequest): void;
}

const MODE_NAMES = ["view", "ask", "type"] as const satisfies readonly ShareMode[];
const MODE_ICONS = { view: "eye", ask: "hand", type: "keyboard" } as const satisfies Record<ShareMode, IconName>;
const OFF = "switched off by this server's settings";

export function NewLink({ policy, account, busy, onMake }: Props) {
  const id = useId();
  const [mode, setMode] = useState<ShareMode>(policy.typing ? "ask" : "view");
  const [audience, setAudience] = useState<ShareAudience>("account");
  const [names, setNames] = useState("");
  const [wrong, setWrong] = useState<string>();
  const [expires, setExpires] = useState<ShareExpiry>("1-hour");
  const [earlierOutput, setEarlierOutput] = useState(false);
  const [fitSmallest, setFitSmallest] = useState(false);
  const [viewersMax, setViewersMax] = useState(String(policy.viewersMax));
  const [wrongMax, setWrongMax] = useState(false);
  const make = (): void => {
    if (busy) return;
    const most = /^\d+$/.test(viewersMax.trim()) ? Number(viewersMax) : 0;
    const isMaxWrong = most < 1 || most > policy.viewersMax;
    setWrongMax(isMaxWrong);
    const read = readPeople(audience === "named" ? names : "", account);
    if ("wrong" in read) setWrong(`"${read.wrong}" is no name. Write names with spaces between them.`);
    else if (audience === "named" && read.people.length === 0) setWrong("Write at least one name.");
    else if (isMaxWrong) setWrong(undefined);
    else {
      setWrong(undefined);
      const people = audience === "named" ? { people: read.people } : {};
      onMake({ mode, audience, ...people, expires, earlierOutput, fitSmallest, viewersMax: most });
    }
  };
  return (
    <form
      className="share-new"
      onSubmit={(event) => {
        event.preventDefault();
        make();
      }}
    >
      <div role="radiogroup" aria-label="What viewers may do" className="seg full">
        {MODE_NAMES.map((each) => (
          <label key={each}>
            <input
              type="radio"
              name={`${id}-mode`}
              checked={mode === each}
              disabled={each !== "view" && !policy.typing}
              onChange={() => setMode(each)}
            />
            <Icon name={MODE_ICONS[each]} />
            {MODES[each].name}
          </label>
        ))}
      </div>
      <p className="t12 t2">{MODES[mode].what}</p>
      {!policy.typing && <p className="t12 t3">Letting others type is {OFF}.</p>}
      <label className="share-option" htmlFor={`${id}-who`}>
        <span>Who may open</span>
        <select
          id={`${id}-who`}
          className="share-select"
          value={audience}
          onChange={({ target }) => setAudience(target.value as ShareAudience)}
        >
          {(Object.keys(AUDIENCES) as ShareAudience[]).map((each) => (
            <option key={each} value={each} disabled={each === "anyone" && !policy.anyone}>
              {AUDIENCES[each]}
              {each === "anyone" && !policy.anyone ? ` (${OFF})` : ""}
            </option>
          ))}
        </select>
      </label>
      {audience === "named" && (
        <label className="share-option" htmlFor={`${id}-names`}>
          <span>Names</span>
          <span>
            <span className={wrong ? "field invalid" : "field"}>
              <input
                id={`${id}-names`}
                value={names}
                autoComplete="off"
                spellCheck={false}
                aria-invalid={wrong ? true : undefined}
                aria-describedby={`${id}-names-help`}
                onChange={({ target }) => setNames(target.value)}
              />
            </span>
            <span id={`${id}-names-help`} className={wrong ? "field-error" : "hint"} role={wrong ? "alert" : undefined}>
              {wrong ?? "As AWS verifies them. Of another account: 111122223333/name."}
            </span>
          </span>
        </label>
      )}
      <label className="share-option" htmlFor={`${id}-ends`}>
        <span>Link ends</span>
        <select
          id={`${id}-ends`}
          className="share-select"
          value={expires}
          onChange={({ target }) => setExpires(target.value as ShareExpiry)}
        >
          {(Object.keys(EXPIRIES) as ShareExpiry[]).map((each) => (
            <option key={each} value={each}>
              {EXPIRIES[each]}
            </option>
          ))}
        </select>
      </label>
      <label className="share-option" htmlFor={`${id}-max`}>
        <span>People at a time</span>
        <span>
          <span className={wrongMax ? "field invalid" : "field"}>
            <input
              id={`${id}-max`}
              className="num"
              inputMode="numeric"
              value={viewersMax}
              autoComplete="off"
              aria-invalid={wrongMax ? true : undefined}
              aria-describedby={wrongMax ? `${id}-max-help` : undefined}
              onChange={({ target }) => setViewersMax(target.value)}
            />
          </span>
          {wrongMax && (
            <span id={`${id}-max-help`} className="field-error" role="alert">
              From 1 to {policy.viewersMax}.
            </span>
          )}
        </span>
      </label>
      <div className="share-option">
        <span>Earlier output</span>
        <Switch
          label={earlierOutput ? "They see what was printed before" : "Hidden. They see from now on"}
          checked={earlierOutput}
          onChange={setEarlierOutput}
        />
      </div>
      <div className="share-option">
        <span>Size</span>
        <Switch
          label={fitSmallest ? "Fits the smallest screen" : "Follows you"}
          checked={fitSmallest}
          onChange={setFitSmallest}
        />
      </div>
      {policy.needsStartSession && (
        <p className="t12 t3">Only people who may start a session on this instance themselves are let in.</p>
      )}
      <Button type="submit" variant="primary" icon="link" aria-disabled={busy}>
        Make link
      </Button>
    </form>
  );
}
