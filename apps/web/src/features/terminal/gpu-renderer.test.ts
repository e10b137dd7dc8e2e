// @vitest-environment happy-dom
import type { ITerminalOptions } from "@xterm/xterm";
import { expect, test } from "vitest";
import { GpuRenderer } from "./gpu-renderer.ts";

const WIDTH_PX = 8;

/** A canvas whose context tells when it was given back. */
function canvasOf(lost: string[], name: string, kind: "webgl2" | "2d"): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  const context = { getExtension: () => ({ loseContext: () => lost.push(name) }) };
  Object.assign(canvas, { getContext: (asked: string) => (asked === kind ? context : null) });
  return canvas;
}

function drawn() {
  const lost: string[] = [];
  const element = document.createElement("div");
  element.append(canvasOf(lost, "ruler", "2d"));
  let loaded = 0;
  const options: ITerminalOptions = {};
  const terminal = { element, options, loadAddon: () => loaded++ };
  const newAddon = () => {
    const canvases = [canvasOf(lost, `grid ${loaded + 1}`, "webgl2"), canvasOf(lost, "links", "2d")];
    element.append(...canvases);
    return {
      activate: () => undefined,
      onContextLoss: () => ({ dispose: () => undefined }),
      dispose: () => {
        for (const canvas of canvases) canvas.remove();
      },
    };
  };
  return { lost, gpu: new GpuRenderer(terminal, () => WIDTH_PX, newAddon) };
}

test("a terminal that is hidden gives its context back at once, and takes a new one when it is shown", () => {
  const { gpu, lost } = drawn();
  gpu.setShown(true);
  gpu.setShown(true);
  expect(lost).toEqual([]);
  gpu.setShown(false);
  gpu.setShown(false);
  expect(lost).toEqual(["grid 1"]);
  gpu.setShown(true);
  expect(lost).toEqual(["grid 1"]);
});

test("a terminal that is closed gives its context back at once", () => {
  const { gpu, lost } = drawn();
  gpu.setShown(true);
  gpu.dispose();
  gpu.dispose();
  expect(lost).toEqual(["grid 1"]);
});
