// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { KeptNotices } from "./kept-notices.tsx";

afterEach(cleanup);

const nobody = { current: null };
const notice = (id: number, title: string, atMs: number) => ({ id, title, detail: undefined, tone: undefined, atMs });

test("what was told can be read again, with its age, and Escape closes it", () => {
  let closed = 0;
  const notices = [notice(2, "dana took the keyboard back.", 60_000), notice(1, "Copied i-0a1.", 0)];
  render(<KeptNotices notices={notices} nowMs={180_000} opener={nobody} onClose={() => closed++} />);
  expect(screen.getByRole("dialog", { name: "Notices" })).toBeDefined();
  expect(screen.getAllByRole("listitem").map(({ textContent }) => textContent)).toEqual([
    "dana took the keyboard back.2\u00a0min ago",
    "Copied i-0a1.3\u00a0min ago",
  ]);
  fireEvent.keyDown(document.activeElement ?? document.body, { key: "Escape" });
  expect(closed).toBe(1);
});

test("where nothing was told, that is said", () => {
  render(<KeptNotices notices={[]} nowMs={0} opener={nobody} onClose={() => undefined} />);
  expect(screen.getByText("Nothing has been told since this page was loaded.")).toBeDefined();
});
