import { randomBytes } from "node:crypto";
import { beforeEach, expect, test } from "vitest";
import { FakeClock } from "../platform/fake-clock.ts";
import { AttachTickets, TICKET_LIFETIME_MS, TICKETS_MAX, TICKETS_PER_LOGIN_MAX } from "./attach-tickets.ts";

let clock: FakeClock;
let tickets: AttachTickets;
beforeEach(() => {
  clock = new FakeClock();
  tickets = new AttachTickets(clock, randomBytes);
});

test("a ticket lets its login attach to its session once", () => {
  const { ticket, expiresAt } = tickets.issue("login", "session");
  expect(expiresAt).toBe(clock.nowMs() + TICKET_LIFETIME_MS);
  expect(ticket).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect(tickets.redeem(ticket, "login", "session")).toBe(true);
  expect(tickets.redeem(ticket, "login", "session")).toBe(false);
});

test("a ticket of another login or session is refused, and used up by the try", () => {
  for (const [login, session] of [
    ["other", "session"],
    ["login", "other"],
  ] as const) {
    const { ticket } = tickets.issue("login", "session");
    expect(tickets.redeem(ticket, login, session)).toBe(false);
    expect(tickets.redeem(ticket, "login", "session")).toBe(false);
  }
});

test("a ticket is worth nothing once its 30 seconds are over", () => {
  const { ticket } = tickets.issue("login", "session");
  clock.advance(TICKET_LIFETIME_MS);
  expect(tickets.redeem(ticket, "login", "session")).toBe(false);
  expect(tickets.size).toBe(0);
});

test("guesses are refused and use nothing up", () => {
  const { ticket } = tickets.issue("login", "session");
  for (const guess of ["", "x", ticket.slice(1), `${ticket}A`, ticket.toUpperCase()])
    expect(tickets.redeem(guess, "login", "session")).toBe(false);
  expect(tickets.redeem(ticket, "login", "session")).toBe(true);
});

test("a login that asks for too many tickets loses its own oldest, not another's", () => {
  const others = tickets.issue("other", "session").ticket;
  const first = tickets.issue("login", "session").ticket;
  for (let count = 0; count < TICKETS_PER_LOGIN_MAX; count++) tickets.issue("login", "session");
  expect(tickets.size).toBe(TICKETS_PER_LOGIN_MAX + 1);
  expect(tickets.redeem(first, "login", "session")).toBe(false);
  expect(tickets.redeem(others, "other", "session")).toBe(true);
});

test("all logins together cannot make the server keep more than the bound", () => {
  for (let count = 0; count <= TICKETS_MAX; count++) tickets.issue(`login-${count}`, "session");
  expect(tickets.size).toBe(TICKETS_MAX);
});
