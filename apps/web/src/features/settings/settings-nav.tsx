/** Places of the page of settings, at its left: each leads to its block, and the one that is read is marked. */
import { type RefObject, useEffect, useRef, useState } from "react";
import { Icon, type IconName } from "../../lib/icons.tsx";

export interface SettingsPlace {
  /** Of the block's element; also what the block is called. */
  title: string;
  icon: IconName;
}

interface Props {
  places: readonly SettingsPlace[];
  /** Holds the blocks, each with its title as `data-place`. */
  area: RefObject<HTMLElement | null>;
}

/** The first block in the upper part of the view is what is read. */
const READ_PART = "0px 0px -65% 0px";
/** By these somebody moves on from the place she chose; a last block may be too short to come to the top. */
const MOVES = ["wheel", "touchmove", "keydown", "pointerdown"] as const;

export function SettingsNav({ places, area }: Props) {
  const [current, setCurrent] = useState(places[0]?.title);
  const isChosen = useRef(false);
  useEffect(() => {
    const root = area.current;
    if (root === null) return;
    const seen = new Set<string>();
    const observer = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) {
          const title = (target as HTMLElement).dataset.place ?? "";
          if (isIntersecting) seen.add(title);
          else seen.delete(title);
        }
        const first = places.find(({ title }) => seen.has(title));
        if (first && !isChosen.current) setCurrent(first.title);
      },
      { root, rootMargin: READ_PART },
    );
    for (const block of blocksOf(root)) observer.observe(block);
    const moves = (): void => {
      isChosen.current = false;
    };
    for (const type of MOVES) root.addEventListener(type, moves, { passive: true });
    return () => {
      observer.disconnect();
      for (const type of MOVES) root.removeEventListener(type, moves);
    };
  }, [places, area]);
  const go = (title: string): void => {
    const block = area.current && blocksOf(area.current).find(({ dataset }) => dataset.place === title);
    block?.scrollIntoView({ block: "start" });
    // the next Tab is in it; its heading is read
    block?.focus({ preventScroll: true });
    isChosen.current = true;
    setCurrent(title);
  };
  return (
    <nav className="settings-nav" aria-label="Settings">
      <span className="t12 t3">You</span>
      {places.map(({ title, icon }) => (
        <button
          key={title}
          type="button"
          className={title === current ? "here" : undefined}
          aria-current={title === current ? "true" : undefined}
          onClick={() => go(title)}
        >
          <Icon name={icon} />
          {title}
        </button>
      ))}
    </nav>
  );
}

function blocksOf(root: HTMLElement): HTMLElement[] {
  return [...root.querySelectorAll<HTMLElement>("[data-place]")];
}
