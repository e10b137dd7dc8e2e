/**
 * Whether WebGL is drawn by a graphics card here, or imitated on the processor. Asked once, with a canvas that is thrown away:
 * what the answer is does not change while a page lives.
 */

/** `imitated`: WebGL is there, and the processor draws it; `none`: there is no WebGL 2. */
export type GraphicsCard = "card" | "imitated" | "none";

/** What a person chose: `automatic` draws with a card where there is one, and not with an imitation. */
export type GraphicsChoice = "automatic" | "always" | "never";

/** The part of a canvas that is asked. */
export interface AskedCanvas {
  getContext(kind: "webgl2", options?: WebGLContextAttributes): WebGL2RenderingContext | null;
}

/**
 * Drivers that draw on the processor, as browsers name them: SwiftShader (Chromium), llvmpipe and softpipe (Mesa), the Basic
 * Render Driver and WARP (Windows), Apple's software renderer.
 */
const ON_PROCESSOR = /swiftshader|llvmpipe|softpipe|software|basic render|\bwarp\b/i;

let known: GraphicsCard | undefined;

/** Of this browser. */
export function graphicsCard(): GraphicsCard {
  known ??= askForCard(() => document.createElement("canvas"));
  return known;
}

/** @param newCanvas a canvas has one context for life: each question takes a new one */
export function askForCard(newCanvas: () => AskedCanvas): GraphicsCard {
  // refused where the browser itself says that it would be slow
  const promised = newCanvas().getContext("webgl2", { failIfMajorPerformanceCaveat: true });
  if (promised !== null) return isOnProcessor(promised) ? "imitated" : "card";
  const slow = newCanvas().getContext("webgl2");
  if (slow === null) return "none";
  giveBack(slow);
  return "imitated";
}

export function drawsWithCard(choice: GraphicsChoice, card: GraphicsCard): boolean {
  if (choice === "never" || card === "none") return false;
  return choice === "always" || card === "card";
}

/** Some browsers promise a card and name an imitation. */
function isOnProcessor(context: WebGL2RenderingContext): boolean {
  const unmasked = context.getExtension("WEBGL_debug_renderer_info")?.UNMASKED_RENDERER_WEBGL;
  const name = String(context.getParameter(unmasked ?? context.RENDERER));
  giveBack(context);
  return ON_PROCESSOR.test(name);
}

/** A page may have few contexts: this one is none of them. */
function giveBack(context: WebGL2RenderingContext): void {
  context.getExtension("WEBGL_lose_context")?.loseContext();
}
