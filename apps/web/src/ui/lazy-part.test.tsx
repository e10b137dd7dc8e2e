// @vitest-environment happy-dom
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { earlyPart, lazyPart } from "./lazy-part.tsx";

afterEach(cleanup);

test("a part of the page is loaded once, when it is shown first", async () => {
  let loads = 0;
  const Greeting = lazyPart<{ name: string }>(async () => {
    loads++;
    return ({ name }) => <p>Hello {name}</p>;
  });
  expect(loads).toBe(0);
  const { rerender } = render(<Greeting name="dana" />);
  expect(await screen.findByText("Hello dana")).toBeDefined();
  rerender(<Greeting name="kofi" />);
  expect(screen.getByText("Hello kofi")).toBeDefined();
  expect(loads).toBe(1);
});

test("a part that cannot be loaded says so in its place, and what stands beside it stays", async () => {
  const Gone = lazyPart(() => Promise.reject(new TypeError("Failed to fetch dynamically imported module")));
  render(
    <>
      <p>terminals</p>
      <Gone />
    </>,
  );
  expect((await screen.findByRole("alert")).textContent).toContain("could not be loaded");
  expect(screen.getByRole("button", { name: "Reload" })).toBeDefined();
  expect(screen.getByText("terminals")).toBeDefined();
});

test("a part that was loaded early is there with everything around it; until then something stands in its place", async () => {
  let loads = 0;
  const greeting = earlyPart<{ name: string }>(
    async () => {
      loads++;
      return ({ name }) => <p>Hello {name}</p>;
    },
    <p>one moment</p>,
  );
  render(<greeting.Part name="dana" />);
  expect(screen.getByText("one moment")).toBeDefined();
  expect(await screen.findByText("Hello dana")).toBeDefined();
  cleanup();
  await greeting.load();
  render(<greeting.Part name="kofi" />);
  expect(screen.getByText("Hello kofi")).toBeDefined();
  expect(loads).toBe(1);
});

test("an early part that cannot be loaded says so in its place", async () => {
  const gone = earlyPart(() => Promise.reject(new TypeError("Failed to fetch dynamically imported module")), null);
  await gone.load();
  render(<gone.Part />);
  expect(screen.getByRole("alert").textContent).toContain("could not be loaded");
});
