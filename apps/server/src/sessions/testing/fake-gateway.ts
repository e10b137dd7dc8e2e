/** For tests: FakeAws behind a real websocket server on a port of its own. */
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";
import type { ClientEnd, FakeAws, FakeSession } from "./fake-aws.ts";

export class FakeGateway {
  readonly #server: WebSocketServer;
  /** Headers of every upgrade. */
  readonly upgrades: NodeJS.Dict<string | string[]>[] = [];

  private constructor(server: WebSocketServer) {
    this.#server = server;
  }

  static async start(aws: FakeAws): Promise<FakeGateway> {
    const server = new WebSocketServer({ host: "127.0.0.1", port: 0, autoPong: true });
    const gateway = new FakeGateway(server);
    server.on("connection", (socket, request) => {
      gateway.upgrades.push(request.headers);
      gateway.#serve(aws, socket);
    });
    await new Promise((resolve) => server.once("listening", resolve));
    aws.streamUrl = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/v1/data-channel/x?role=publish_subscribe`;
    return gateway;
  }

  #serve(aws: FakeAws, socket: WebSocket): void {
    let session: FakeSession | undefined;
    const client: ClientEnd = {
      deliver: (frame) => socket.send(frame, { binary: true }),
      cut: () => socket.close(1000, "Bye"),
    };
    socket.on("message", (data: Buffer, isBinary) => {
      if (session !== undefined) session.receive(data);
      else if (!isBinary) session = aws.connect(data.toString(), client);
      if (session === undefined) socket.terminate();
    });
    socket.on("error", () => socket.terminate());
    socket.on("close", () => session?.clientGone(client));
  }

  async close(): Promise<void> {
    for (const socket of this.#server.clients) socket.terminate();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
