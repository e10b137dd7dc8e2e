import { readdirSync } from "node:fs";
import path from "node:path";
import { expect, type Page } from "@playwright/test";
import type { ConsolePage } from "./console-page.ts";

/** First byte of a frame that brings part of a checkpoint. */
const CHECKPOINT_FRAME = 0x02;

/** Waits until the server has stored a checkpoint of the visible session. */
export async function hasCheckpoint(console: ConsolePage): Promise<void> {
  const { id } = await console.session();
  const directory = path.join(console.stack.dataDir, "sessions", id);
  await expect
    .poll(() => readdirSync(directory).filter((file) => /^checkpoint-\d+$/.test(file)).length, { timeout: 60_000 })
    .toBe(1);
}

/** @returns asked at any time: bytes of checkpoints that the page's connections have brought since this call */
export function checkpointBytes(page: Page): () => number {
  let bytes = 0;
  page.on("websocket", (socket) =>
    socket.on("framereceived", ({ payload }) => {
      if (typeof payload !== "string" && payload[0] === CHECKPOINT_FRAME) bytes += payload.length;
    }),
  );
  return () => bytes;
}
