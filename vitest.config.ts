import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: [
      "{apps,packages,soak}/**/*.test.{ts,tsx}",
      "scripts/**/*.test.ts",
      "docs/**/*.test.ts",
      "bench/**/*.test.ts",
    ],
    // Property tests over the simulated link run thousands of steps; two cores are shared with the browser in CI.
    testTimeout: 30_000,
    setupFiles: ["scripts/property-seed.ts"],
    maxWorkers: 2,
    // Files share the modules they import: a third of the CPU was loading them anew. No module keeps state of a test.
    isolate: false,
  },
});
