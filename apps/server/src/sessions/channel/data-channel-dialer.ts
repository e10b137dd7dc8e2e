/** What the keeper needs from a websocket to AWS. Implemented in ./data-channel-socket.ts; tests join it to an agent in memory. */
import type { Transmit } from "@causeway/ssm-data-channel";

export interface DataChannelHandlers {
  onOpen(): void;
  /**
   * One websocket message, in order.
   * @param isLast false: another one follows within the same call of the network; what is to be done once may wait for it
   */
  onFrame(data: Uint8Array | string, isLast: boolean): void;
  /** Once, for every dial that was not closed by us: refused, broken, silent or closed by the other side. */
  onLost(loss: DataChannelLoss): void;
}

export interface DataChannelLoss {
  /** In our words; never the address, which holds the session's name, nor what the peer wrote. */
  reason: string;
  /** Set when the upgrade was answered with something else than 101. */
  httpStatus?: number;
  closeCode?: number;
}

export interface DataChannelSocket {
  /** Bytes handed over that the network has not taken. */
  readonly bufferedBytes: number;
  send(transmit: Transmit): void;
  /** Stops reading: the only back-pressure the agent feels (data-channel.md §16.2). Liveness is not judged meanwhile. */
  pause(): void;
  resume(): void;
  /** Cuts the connection; no handler is called afterwards. */
  close(): void;
}

export interface DataChannelDialer {
  /** @throws CatalogError STREAM_URL_REFUSED, AWS_HOST_NOT_ALLOWED */
  dial(streamUrl: string, handlers: DataChannelHandlers): DataChannelSocket;
}
