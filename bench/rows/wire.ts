/** Bytes between server and page, and how long a page that attaches waits for its screen. */
import type { CausewayCalls } from "../brokers/broker-calls.ts";
import type { PlainBytesCalls } from "../brokers/plain-bytes.ts";
import { processFile } from "../lib/bundle.ts";
import type { RowGroup } from "../lib/options.ts";
import { BenchProcess } from "../lib/processes.ts";
import { median } from "../lib/stats.ts";
import type { FakeAgentCalls } from "../load/fake-agents.ts";
import type { PageCalls } from "../load/pages.ts";
import { cellsUnder } from "./relay-cells.ts";

/** 10,000 lines of 110 columns with some colour (performance.md §4). */
const CHECKPOINT_BYTES = Math.round(1.1 * 1024 * 1024);

const PRINTED_BYTES = 4 * 1024 * 1024;
/** Attaches one after the other, ours and the reference in turn. */
const TIMES = 4;
const ROUNDS = 5;

export const wireRows: RowGroup = {
  name: "wire",
  about: "bytes on the wire per byte of output; compression refused",
  async run(options) {
    const { causeway, naive } = (await cellsUnder("1 flood", options)).medians;
    return [
      {
        name: "bytes on the wire per byte of output, 1 flood",
        ours: causeway.wireBytesPerByte.toFixed(4),
        reference: `naive ${naive.wireBytesPerByte.toFixed(4)}`,
        value: causeway.wireBytesPerByte,
        target: { atMost: 1.01 },
        note: "The same for text and colour: what a shell prints is not looked at.",
      },
    ];
  },
};

export const attachRows: RowGroup = {
  name: "attach",
  about: "from the attach to the last byte of a full checkpoint",
  async run({ isQuick }) {
    const agents = new BenchProcess<FakeAgentCalls>(await processFile("fake-agents"));
    const broker = new BenchProcess<CausewayCalls>(await processFile("causeway"));
    const plain = new BenchProcess<PlainBytesCalls>(await processFile("plain-bytes"));
    const pages = new BenchProcess<PageCalls>(await processFile("pages"));
    const n = 0;
    try {
      const streamUrl = await agents.call("listen", { acknowledged: true });
      const url = await broker.call("open", { places: [{ n, streamUrl }], isStored: true });
      const [extensions] = await pages.call("attach", { url, sessions: [n], dialect: "causeway" });
      // So much that a page that comes begins with the checkpoint, and not with the beginning.
      await agents.call("printBytes", { bytes: PRINTED_BYTES });
      await pages.call("delivered", { bytes: PRINTED_BYTES });
      await pages.call("closeAll");
      await broker.call("saveCheckpoint", { n, bytes: CHECKPOINT_BYTES });
      const plainUrl = await plain.call("open", { bytes: CHECKPOINT_BYTES });
      const tookMs: number[] = [];
      const plainMs: number[] = [];
      for (let round = 0; round < (isQuick ? 1 : ROUNDS); round++) {
        tookMs.push(...(await pages.call("attachToCheckpoint", { url, n, times: TIMES })));
        plainMs.push(...(await pages.call("attachToBytes", { url: plainUrl, bytes: CHECKPOINT_BYTES, times: TIMES })));
      }
      return [
        {
          name: "attach: ms to the last byte of a checkpoint of 10,000 lines (1.1 MiB)",
          ours: `${median(tookMs).toFixed(0)} ms, slowest ${Math.max(...tookMs).toFixed(0)} ms`,
          reference: `a websocket that sends as much from memory: ${median(plainMs).toFixed(0)} ms`,
          value: median(tookMs),
          target: { atMost: 150 },
        },
        {
          name: "extensions that the server agrees to when a page offers compression",
          ours: extensions === "" ? "none" : String(extensions),
          reference: "offered: permessage-deflate",
          value: extensions === "" ? 0 : 1,
          target: { atMost: 0 },
        },
      ];
    } finally {
      await Promise.all([agents, broker, plain, pages].map((one) => one.stop()));
    }
  },
};
