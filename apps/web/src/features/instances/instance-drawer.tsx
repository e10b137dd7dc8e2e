/**
 * One machine in full, beside the terminals: facts from EC2 and SSM, its connection, its agent, its tags, my sessions on it.
 * A non-modal dialog: the terminals go on, and the keyboard comes here only because somebody asked for it.
 */
import type { InstanceDetail, InstanceSource } from "@causeway/wire-contract/instances";
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";
import { describeFailure, problemEvidence } from "../../lib/failure.ts";
import { Icon } from "../../lib/icons.tsx";
import { formatSpan } from "../../lib/relative-time.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { Evidence } from "../../ui/evidence.tsx";
import { Notice } from "../../ui/notice.tsx";
import { rovingIndex } from "../../ui/roving.ts";
import { StateShape, type StateShapeName } from "../../ui/state-shape.tsx";
import { useNow } from "../../ui/use-now.ts";
import { connectionWords, detailFacts, type Fact } from "./detail-facts.ts";
import { knownTags, missingTags } from "./detail-tags.ts";
import type { ListedInstance } from "./instance-index.ts";
import { shapeOf } from "./instance-words.ts";
import { sourceNotes } from "./source-notes.ts";
import "./instance-drawer.css";

/** A session of mine on this machine. */
export interface DrawerSession {
  id: string;
  title: string;
  shape: StateShapeName;
  /** In a word or two: "open", "reconnecting", "ended". */
  state: string;
  /** Milliseconds since the epoch, on the server's clock; absent: not begun, or not yet known. */
  startedAt?: number;
  open(): void;
}

interface Props {
  /** As the list has it now: it changes while the drawer is open. */
  instance: ListedInstance;
  /** undefined: being asked. */
  detail: InstanceDetail | undefined;
  error: unknown;
  asking: boolean;
  sessions: readonly DrawerSession[];
  favourite: boolean;
  clockOffsetMs: number;
  onAsk(): void;
  onOpen(newSession: boolean): void;
  /** Absent: there is nothing to say when a shell is opened. */
  onOpenWith: (() => void) | undefined;
  onFavourite(): void;
  onCopy(text: string): void;
  onClose(): void;
}

const TABS = ["Overview", "Tags", "Sessions"] as const;
type Tab = (typeof TABS)[number];

export function InstanceDrawer(props: Props) {
  const { instance, detail, sessions, favourite, onFavourite, onCopy, onClose, onOpen, onOpenWith } = props;
  const id = useId();
  const heading = useRef<HTMLHeadingElement>(null);
  const [tab, setTab] = useState<Tab>("Overview");
  useEffect(() => heading.current?.focus(), [instance.key]);
  const tags = knownTags(instance, detail);
  const counts: Record<Tab, number | undefined> = {
    Overview: undefined,
    Tags: tags && Object.keys(tags).length,
    Sessions: sessions.length,
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    event.preventDefault();
    onClose();
  };
  return (
    <aside className="instance-drawer" role="dialog" aria-labelledby={`${id}-title`} onKeyDown={onKeyDown}>
      <header className="instance-drawer-head">
        <StateShape shape={shapeOf(instance)} />
        <div className="grow">
          <h2 id={`${id}-title`} ref={heading} tabIndex={-1} className="trunc">
            {instance.name}
          </h2>
          <div className="drawer-sub">
            <span className="mono">{instance.id}</span>
            <IconButton icon="copy" label="Copy the id" onClick={() => onCopy(instance.id)} />
            {[instance.instanceType, instance.availabilityZone ?? instance.region, instance.privateIp]
              .filter(Boolean)
              .map((fact) => (
                <span key={fact}>· {fact}</span>
              ))}
          </div>
        </div>
        <IconButton
          icon="star"
          label={favourite ? "No longer a favourite" : "Add to favourites"}
          aria-pressed={favourite}
          onClick={onFavourite}
        />
        <IconButton icon="close" label="Close the details" onClick={onClose} />
      </header>
      <Tabs id={id} current={tab} counts={counts} onTab={setTab} />
      <div className="drawer-body" role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${tab}`} tabIndex={0}>
        {tab === "Overview" && <Overview {...props} />}
        {tab === "Tags" && <Tags {...props} tags={tags} />}
        {tab === "Sessions" && <Sessions sessions={sessions} clockOffsetMs={props.clockOffsetMs} />}
      </div>
      <footer className="drawer-foot">
        <Button variant="primary" icon="terminal" onClick={() => onOpen(false)}>
          {sessions.length > 0 ? "Go to its terminal" : "Open a terminal"}
        </Button>
        {sessions.length > 0 && <Button onClick={() => onOpen(true)}>Open another</Button>}
        {onOpenWith && <Button onClick={onOpenWith}>Open with…</Button>}
        <Button icon="refresh" className="end-aligned" disabled={props.asking} onClick={props.onAsk}>
          {props.asking ? "Asking…" : "Ask again"}
        </Button>
      </footer>
    </aside>
  );
}

interface TabsProps {
  id: string;
  current: Tab;
  counts: Record<Tab, number | undefined>;
  onTab(tab: Tab): void;
}

function Tabs({ id, current, counts, onTab }: TabsProps) {
  const list = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = rovingIndex(event.key, TABS.indexOf(current), TABS.length);
    const tab = next === undefined ? undefined : TABS[next];
    if (tab === undefined || next === undefined) return;
    event.preventDefault();
    onTab(tab);
    list.current?.querySelectorAll("button")[next]?.focus();
  };
  return (
    <div className="utabs" role="tablist" aria-label="Details" ref={list} onKeyDown={onKeyDown}>
      {TABS.map((tab) => (
        <button
          key={tab}
          type="button"
          role="tab"
          id={`${id}-${tab}`}
          aria-selected={tab === current}
          aria-controls={`${id}-panel`}
          tabIndex={tab === current ? 0 : -1}
          onClick={() => onTab(tab)}
        >
          {tab} {counts[tab] !== undefined && <span className="t3 num">{counts[tab]}</span>}
        </button>
      ))}
    </div>
  );
}

function Overview({ instance, detail, error, asking, clockOffsetMs, onAsk }: Props) {
  const nowMs = useNow() + clockOffsetMs;
  const connection = connectionWords(instance, detail, nowMs);
  return (
    <>
      <p className={`drawer-state ${connection.tone}`} role="status">
        <b>{connection.title}</b> <span aria-live="off">{connection.text}</span>
      </p>
      {detail === undefined && error !== undefined && !asking && (
        <Notice
          icon="warning"
          tone="warn"
          title={describeFailure(error).title}
          actions={<Button onClick={onAsk}>Ask again</Button>}
        >
          <p>{describeFailure(error).remedy}</p>
          <Evidence text={describeFailure(error).evidence} />
        </Notice>
      )}
      {detail !== undefined &&
        sourceNotes(detail.sources).map((note) => (
          <p key={note.key} className="drawer-note">
            <Icon name="warning" size="sm" /> {note.text}
          </p>
        ))}
      <MissingTags source={detail?.sources.tags} />
      {detail?.connection.problem && (
        <p className="drawer-note">
          <Icon name="warning" size="sm" /> Its connection could not be asked for:{" "}
          {problemEvidence(detail.connection.problem)}
        </p>
      )}
      {detailFacts(instance, detail, nowMs).map(({ title, facts }) => (
        <section key={title} aria-label={title}>
          <h3>{title}</h3>
          <Facts facts={facts} none={asking ? "Asking AWS…" : "Nothing is known."} />
        </section>
      ))}
      {detail?.features.some(({ met }) => met !== undefined) && (
        <section aria-label="What its agent can do">
          <h3>What its agent can do</h3>
          <ul className="drawer-features">
            {detail.features.map(({ name, needs, met }) => (
              <li key={name}>
                <span className={met ? "ok-text" : "warn-text"}>
                  <Icon name={met ? "pass" : "fail"} />
                </span>
                <span className="grow">
                  {name}
                  <span className="sr">{met ? ", yes" : ", no"}</span>
                </span>
                <span className="mono t3">{met ? needs : `needs ${needs}`}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function Tags({ tags, detail, asking, onAsk }: Props & { tags: Readonly<Record<string, string>> | undefined }) {
  if (tags !== undefined)
    return <Facts facts={Object.entries(tags).map(([name, value]) => ({ name, value }))} none="It has no tags." />;
  if (asking) return <p className="t3">Asking AWS…</p>;
  return (
    <>
      <MissingTags source={detail?.sources.tags} />
      {detail?.sources.tags === undefined && <p className="t3">Its tags could not be asked for.</p>}
      <p>
        <Button size="sm" onClick={onAsk}>
          Ask for its tags
        </Button>
      </p>
    </>
  );
}

function MissingTags({ source }: { source: InstanceSource | undefined }) {
  const missing = missingTags(source);
  if (missing === undefined) return null;
  return (
    <p className="drawer-note">
      <Icon name="warning" size="sm" /> {missing}{" "}
      {source?.problem && <Evidence text={problemEvidence(source.problem)} />}
    </p>
  );
}

function Sessions({ sessions, clockOffsetMs }: Pick<Props, "sessions" | "clockOffsetMs">): ReactNode {
  const nowMs = useNow() + clockOffsetMs;
  if (sessions.length === 0) return <p className="t3">You have no session on it.</p>;
  return (
    <ul className="drawer-sessions">
      {sessions.map((session) => (
        <li key={session.id}>
          <StateShape shape={session.shape} label="" />
          <span className="grow trunc">{session.title}</span>
          <span className="t3 num">
            {session.state}
            {session.startedAt !== undefined && (
              <time
                dateTime={new Date(session.startedAt).toISOString()}
                title={new Date(session.startedAt).toLocaleString()}
              >
                , began {formatSpan(nowMs - session.startedAt)} ago
              </time>
            )}
          </span>
          <Button size="sm" onClick={session.open}>
            Go there
          </Button>
        </li>
      ))}
    </ul>
  );
}

function Facts({ facts, none }: { facts: readonly Fact[]; none: string }) {
  if (facts.length === 0) return <p className="t3">{none}</p>;
  return (
    <dl className="drawer-facts">
      {facts.map(({ name, value, mono }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className={mono ? "mono" : ""}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
