// An HTTP proxy that leads every CONNECT to one place: the plugin asks KMS by AWS's own name, and no option of it says otherwise.
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";

export interface ConnectProxy {
  /** For HTTPS_PROXY. */
  url: string;
  /** Whom its clients asked for. */
  asked: readonly string[];
  close(): Promise<void>;
}

/** @param port on loopback, where every connection ends up */
export async function startConnectProxy(port: number): Promise<ConnectProxy> {
  const asked: string[] = [];
  const server = createServer();
  server.on("connect", (request, client) => {
    asked.push(request.url ?? "");
    const onward = connect(port, "127.0.0.1", () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      client.pipe(onward).pipe(client);
    });
    client.on("error", () => onward.destroy());
    onward.on("error", () => client.destroy());
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
