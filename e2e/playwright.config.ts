import { defineConfig } from "@playwright/test";

export default defineConfig({
  testDir: "tests",
  // One running product each: while a shell of one is waited for, the other has the processor.
  workers: 2,
  // Real shells on two shared cores: a slow machine must not fail, a hanging one must.
  timeout: 120_000,
  expect: { timeout: 15_000 },
  forbidOnly: true,
  reporter: [["list"]],
  use: {
    screenshot: "only-on-failure",
    // no trace: recording one costs a quarter of the time of every test
    viewport: { width: 1440, height: 900 },
    launchOptions: {
      ...(process.env.CHROMIUM_PATH === undefined ? {} : { executablePath: process.env.CHROMIUM_PATH }),
      args: [
        "--no-sandbox",
        "--use-angle=swiftshader",
        "--enable-unsafe-swiftshader",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-quic",
        "--no-first-run",
      ],
    },
  },
});
