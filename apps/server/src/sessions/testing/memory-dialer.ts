/** For tests: joins a keeper to FakeAws without sockets; everything is delivered in microtasks, in order. */
import { CatalogError } from "../../platform/catalog-error.ts";
import type { DataChannelDialer, DataChannelHandlers, DataChannelSocket } from "../channel/data-channel-dialer.ts";
import type { ClientEnd, FakeAws, FakeSession } from "./fake-aws.ts";

export class MemoryDialer implements DataChannelDialer {
  /** What the next dials meet instead of an open socket. */
  readonly refusals: { httpStatus?: number; reason: string }[] = [];
  dials = 0;
  readsPaused = false;
  readonly #aws: FakeAws;

  constructor(aws: FakeAws) {
    this.#aws = aws;
  }

  dial(streamUrl: string, handlers: DataChannelHandlers): DataChannelSocket {
    this.dials++;
    if (streamUrl.startsWith("ws://evil")) throw new CatalogError("STREAM_URL_REFUSED");
    let isOpen = true;
    let session: FakeSession | undefined;
    let held: Uint8Array[] | undefined;
    const deliver = (frame: Uint8Array) => queueMicrotask(() => isOpen && handlers.onFrame(frame, true));
    const client: ClientEnd = {
      deliver: (frame) => (held === undefined ? deliver(frame) : held.push(frame)),
      cut: () => queueMicrotask(() => lose("closed with 1000")),
    };
    const lose = (reason: string, httpStatus?: number, closeCode?: number) => {
      if (!isOpen) return;
      isOpen = false;
      session?.clientGone(client);
      handlers.onLost({
        reason,
        ...(httpStatus === undefined ? {} : { httpStatus }),
        ...(closeCode === undefined ? {} : { closeCode }),
      });
    };
    const refusal = this.refusals.shift();
    queueMicrotask(() =>
      refusal === undefined ? isOpen && handlers.onOpen() : lose(refusal.reason, refusal.httpStatus),
    );
    return {
      bufferedBytes: 0,
      send: (transmit) =>
        queueMicrotask(() => {
          if (!isOpen) return;
          if (transmit.kind === "binary") session?.receive(transmit.frame);
          else {
            session = this.#aws.connect(transmit.text, client);
            if (session === undefined) lose("closed with 1008", undefined, 1008);
          }
        }),
      pause: () => {
        this.readsPaused = true;
        held ??= [];
      },
      resume: () => {
        this.readsPaused = false;
        const frames = held ?? [];
        held = undefined;
        for (const frame of frames) deliver(frame);
      },
      close: () => {
        isOpen = false;
        session?.clientGone(client);
      },
    };
  }
}
