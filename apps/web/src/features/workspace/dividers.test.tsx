// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { ListDivider } from "./list-divider.tsx";
import { PaneDivider } from "./pane-divider.tsx";

afterEach(cleanup);

function between() {
  const moves: number[] = [];
  const divider = {
    ...{ path: [], index: 0, direction: "row" as const, length: 0.5, position: 0.5 },
    ...{ x: 0.25, y: 0, width: 0, height: 1 },
  };
  render(
    <PaneDivider
      divider={divider}
      area={() => ({ width: 1000, height: 800 })}
      cell={() => undefined}
      onMove={(share) => moves.push(share)}
      onEven={() => moves.push(0)}
    />,
  );
  return { moves, element: holdable(screen.getByRole("separator")) };
}

function atTheList() {
  const widths: number[] = [];
  render(<ListDivider widthPx={300} onWidth={(px) => widths.push(px)} />);
  return { widths, element: holdable(screen.getByRole("separator")) };
}

/** The simulated document has no pointer capture. */
function holdable(element: HTMLElement): HTMLElement {
  element.setPointerCapture = () => undefined;
  return element;
}

test("a divider goes where it is let go, also when no move on the way was drawn", () => {
  const panes = between();
  fireEvent.pointerDown(panes.element, { button: 0, clientX: 500 });
  fireEvent.pointerUp(panes.element, { clientX: 400 });
  expect(panes.moves).toEqual([-0.2]);
  cleanup();
  const list = atTheList();
  fireEvent.pointerDown(list.element, { button: 0, clientX: 300 });
  fireEvent.pointerUp(list.element, { clientX: 320 });
  expect(list.widths).toEqual([320]);
});

test("a divider that is pressed and let go in its place, or whose drag is taken away, changes nothing", () => {
  const { moves, element } = between();
  fireEvent.pointerDown(element, { button: 0, clientX: 500 });
  fireEvent.pointerUp(element, { clientX: 500 });
  fireEvent.pointerDown(element, { button: 0, clientX: 500 });
  fireEvent.pointerMove(element, { clientX: 450 });
  fireEvent.pointerCancel(element);
  fireEvent.pointerUp(element, { clientX: 450 });
  expect(moves).toEqual([]);
});
