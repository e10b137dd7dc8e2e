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

/** What draws with WebGL: the terminal, its text under the mouse, and the loss of the context. */
const ON_WEBGL = ["shell.spec.ts", "terminal-text.spec.ts", "reconnect.spec.ts"];

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
    { name: "webgl", testMatch: ON_WEBGL, use: WEBGL },
    // WebGL computed on the processor costs half of the time of a test: the others see the DOM renderer
    { name: "dom", testIgnore: ON_WEBGL, use: chromium("--disable-gpu", "--disable-software-rasterizer") },
  ],
});
