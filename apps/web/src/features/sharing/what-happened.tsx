import { happenedWords } from "./share-words.ts";
import type { Happened } from "./sharing-store.ts";

/** What people did since this page came, newest last; nothing before anything happened. */
export function WhatHappened({ happened, owner }: { happened: readonly Happened[]; owner: string }) {
  if (happened.length === 0) return null;
  return (
    <section aria-label="What happened">
      <h2>What happened</h2>
      <ol className="share-happened">
        {happened.map(({ id, atMs, event, name }) => (
          <li key={id}>
            <time className="t3 num">{clockTime(atMs)}</time>
            {happenedWords(event, name, owner)}
          </li>
        ))}
      </ol>
    </section>
  );
}

function clockTime(atMs: number): string {
  return new Date(atMs).toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" });
}
