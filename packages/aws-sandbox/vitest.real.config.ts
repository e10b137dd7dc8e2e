import { defineConfig } from "vitest/config";

// AWS's own programs against the built sandbox: opt-in, because they are not ours to ship. README.md says how to get them.
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ["real/**/*.real.ts"],
    testTimeout: 600_000,
    hookTimeout: 600_000,
    fileParallelism: false,
  },
});
