import { expect, test } from "vitest";
import { type AskedCanvas, askForCard, drawsWithCard } from "./graphics-card.ts";

const RENDERER = 0x1f01;
const UNMASKED_RENDERER = 0x9246;

interface Browser {
  /** It refuses a context that would be slow. */
  knowsSlow: boolean;
  /** What it says of the driver; absent: only masked. */
  unmasked?: string;
  masked?: string;
  hasWebgl?: boolean;
}

function canvases({ knowsSlow, unmasked, masked = "WebKit WebGL", hasWebgl = true }: Browser) {
  let open = 0;
  const context = {
    RENDERER,
    getExtension: (name: string) => {
      if (name === "WEBGL_lose_context") return { loseContext: () => open-- };
      return unmasked === undefined ? null : { UNMASKED_RENDERER_WEBGL: UNMASKED_RENDERER };
    },
    getParameter: (of: number) => (of === UNMASKED_RENDERER ? unmasked : masked),
  };
  const newCanvas = (): AskedCanvas => ({
    getContext: (_, options) => {
      if (!hasWebgl || (knowsSlow && options?.failIfMajorPerformanceCaveat)) return null;
      open++;
      return context as unknown as WebGL2RenderingContext;
    },
  });
  return { newCanvas, left: () => open };
}

test("a browser that names a card has one", () => {
  const { newCanvas, left } = canvases({ knowsSlow: false, unmasked: "ANGLE (Intel, Mesa Intel(R) UHD Graphics 620)" });
  expect(askForCard(newCanvas)).toBe("card");
  expect(left()).toBe(0);
});

test("a browser that does not say what it draws with is believed when it promises no slowness", () => {
  expect(askForCard(canvases({ knowsSlow: false }).newCanvas)).toBe("card");
});

test("WebGL that is refused as slow, and there otherwise, is an imitation", () => {
  const { newCanvas, left } = canvases({ knowsSlow: true, unmasked: "anything" });
  expect(askForCard(newCanvas)).toBe("imitated");
  expect(left()).toBe(0);
});

test.each([
  "ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero) (0x0000C0DE)), SwiftShader driver)",
  "Mesa/X.org, llvmpipe (LLVM 15.0.6, 256 bits)",
  "ANGLE (Microsoft, Microsoft Basic Render Driver Direct3D11)",
  "Apple Software Renderer",
])("an imitation is known by its name, whatever the browser promises: %s", (unmasked) => {
  expect(askForCard(canvases({ knowsSlow: false, unmasked }).newCanvas)).toBe("imitated");
});

test("an imitation that the plain name shows is one as well", () => {
  expect(askForCard(canvases({ knowsSlow: false, masked: "llvmpipe, or similar" }).newCanvas)).toBe("imitated");
});

test("a browser without WebGL 2 has none", () => {
  expect(askForCard(canvases({ knowsSlow: false, hasWebgl: false }).newCanvas)).toBe("none");
});

test("by itself a terminal is drawn with a card and never with an imitation; a person may choose either, but not what is not there", () => {
  expect((["card", "imitated", "none"] as const).map((card) => drawsWithCard("automatic", card))).toEqual([
    true,
    false,
    false,
  ]);
  expect((["card", "imitated", "none"] as const).map((card) => drawsWithCard("always", card))).toEqual([
    true,
    true,
    false,
  ]);
  expect((["card", "imitated", "none"] as const).map((card) => drawsWithCard("never", card))).toEqual([
    false,
    false,
    false,
  ]);
});
