export type { Access, SessionAccess, ShareAccess } from "./access-level.ts";
export { AttachTickets } from "./attach-tickets.ts";
export { type GuardedRoute, guardEveryRoute, requireAccess } from "./authorize.ts";
export { LoginSockets } from "./login-sockets.ts";
