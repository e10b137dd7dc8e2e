import { defineConfig } from "@playwright/test";

const ARGS = [
  "--no-sandbox",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-quic",
  "--no-first-run",
];

const chromium = (...args: string[]) => ({
  launchOptions: {
    ...(process.env.CHROMIUM_PATH === undefined ? {} : { executablePath: process.env.CHROMIUM_PATH }),
    args: [...ARGS, ...args],
  },
});

/** Chromium with WebGL, computed on the processor where there is no graphics card. */
export const WEBGL = chromium("--use-angle=swiftshader", "--enable-unsafe-swiftshader");

/** What a terminal's text does where WebGL draws it: under the mouse, found, and when the context is lost. */
const ON_WEBGL = ["terminal-text.spec.ts"];

export default defineConfig({
  testDir: "tests",
  // One running product each: while a shell of one is waited for, the other has the processor.
  workers: 2,
  // Real shells on two shared cores: a slow machine must not fail, a hanging one must.
  timeout: 120_000,
  expect: { timeout: 30_000 },
  forbidOnly: true,
  reporter: [["list"]],
  use: {
    screenshot: "only-on-failure",
    // no trace: recording one costs a quarter of the time of every test
    viewport: { width: 1440, height: 900 },
    // offline.spec.ts has it; for the others its start in every new browser would be time
    serviceWorkers: "block",
  },
  projects: [
    // people of this project have chosen WebGL: by itself no terminal is drawn with an imitation (fixtures.ts)
    { name: "webgl", testMatch: ON_WEBGL, use: WEBGL },
    // WebGL computed on the processor costs half of the time of a test: the others see the DOM renderer
    { name: "dom", testIgnore: ON_WEBGL, use: chromium("--disable-gpu", "--disable-software-rasterizer") },
  ],
});
