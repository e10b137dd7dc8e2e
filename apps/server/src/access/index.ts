export type { Access, SessionAccess } from "./access-level.ts";
export { AttachTickets } from "./attach-tickets.ts";
