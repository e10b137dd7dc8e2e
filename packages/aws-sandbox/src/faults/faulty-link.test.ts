import { expect, test } from "vitest";
import { FaultyLink, HOLD_MS_MAX, LINK_BYTES_MAX, LINK_FRAMES_MAX, type LinkDeed } from "./faulty-link.ts";
import type { FrameFate } from "./frame-fates.ts";

/** A link whose n-th frame has the n-th fate; frames are named by their number. */
function link(...fates: Partial<FrameFate>[]) {
  const deeds: LinkDeed[] = [];
  const untouched: FrameFate = { isLost: false, isDuplicated: false, heldForFrames: 0, delayMs: 0 };
  const faulty = new FaultyLink(
    (index) => ({ ...untouched, ...fates[index] }),
    (deed) => deeds.push(deed),
  );
  let sent = 0;
  const arrived = (nowMs: number) => {
    const numbers: (number | undefined)[] = [];
    for (let frame = faulty.pollFrame(nowMs); frame; frame = faulty.pollFrame(nowMs)) numbers.push(frame[0]);
    return numbers;
  };
  return {
    faulty,
    deeds,
    arrived,
    /** @returns what arrives at once */
    send(nowMs = 0) {
      faulty.handleFrame(Uint8Array.of(sent++), nowMs);
      return arrived(nowMs);
    },
  };
}

test("a frame without a fate passes at once", () => {
  const { send, faulty } = link();
  expect([send(), send()]).toEqual([[0], [1]]);
  expect(faulty.timeoutMs).toBeUndefined();
});

test("a lost frame never comes, a duplicated one comes twice", () => {
  const { send, deeds } = link({ isLost: true }, { isDuplicated: true });
  expect([send(), send(), send()]).toEqual([[], [1, 1], [2]]);
  expect(deeds).toEqual(["lost", "duplicated"]);
});

test("a held frame comes behind as many later ones as were asked for", () => {
  const { send, deeds } = link({ heldForFrames: 2 });
  expect([send(), send(), send(), send()]).toEqual([[], [1], [2, 0], [3]]);
  expect(deeds).toEqual(["reordered"]);
});

test("a held frame that nothing overtakes comes after the longest wait", () => {
  const { send, faulty, arrived } = link({ heldForFrames: 2 });
  send(1_000);
  expect(faulty.timeoutMs).toBe(1_000 + HOLD_MS_MAX);
  expect(arrived(1_000 + HOLD_MS_MAX - 1)).toEqual([]);
  expect(arrived(1_000 + HOLD_MS_MAX)).toEqual([0]);
});

test("a delay never changes the order: who comes later with less delay waits for the one before", () => {
  const { send, faulty, arrived } = link({ delayMs: 100 }, { delayMs: 10 }, {});
  for (let frame = 0; frame < 3; frame++) expect(send(0)).toEqual([]);
  expect(faulty.timeoutMs).toBe(100);
  expect(arrived(99)).toEqual([]);
  expect(arrived(100)).toEqual([0, 1, 2]);
});

test("all that is under way can be had at once, held frames last", () => {
  const { send, faulty, arrived } = link({ heldForFrames: 9 }, { delayMs: 50 }, { delayMs: 50 });
  for (let frame = 0; frame < 3; frame++) send(0);
  expect(faulty.takeAll().map((frame) => frame[0])).toEqual([1, 2, 0]);
  expect([arrived(10_000), faulty.timeoutMs]).toEqual([[], undefined]);
});

test("frames beyond what a link holds are lost and counted as such, by number and by bytes", () => {
  const late: Partial<FrameFate>[] = Array.from({ length: LINK_FRAMES_MAX + 1 }, () => ({ delayMs: 1_000 }));
  const byCount = link(...late);
  for (let frame = 0; frame <= LINK_FRAMES_MAX; frame++) byCount.send(0);
  expect(byCount.deeds.filter((deed) => deed === "overflowed")).toHaveLength(1);
  expect(byCount.arrived(1_000)).toHaveLength(LINK_FRAMES_MAX);

  const byBytes = link({ delayMs: 1_000 }, {});
  byBytes.faulty.handleFrame(new Uint8Array(LINK_BYTES_MAX), 0);
  byBytes.faulty.handleFrame(new Uint8Array(1), 0);
  expect(byBytes.deeds).toEqual(["delayed", "overflowed"]);
});
