// How the admin API answers.
import type { HttpReply } from "../http/protocol.ts";

export const json = (status: number, body: unknown): HttpReply => ({
  status,
  headers: { "content-type": "application/json" },
  body: `${JSON.stringify(body)}\n`,
});

export const NOT_FOUND: HttpReply = json(404, { error: "no such route, session, person or instance" });
