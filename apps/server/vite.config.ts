import { defineConfig } from "vite";

export default defineConfig({
  build: {
    ssr: true,
    outDir: "dist",
    target: "node20",
    minify: false,
    sourcemap: true,
    rolldownOptions: {
      // The thread of the checkpoints is a program of its own (src/checkpoints/index.ts finds it beside main.js).
      input: { main: "src/main.ts", "checkpoint-worker": "src/checkpoints/checkpoint-worker.ts" },
      output: {
        entryFileNames: "[name].js",
        banner: 'import { createRequire as __cr } from "node:module"; const require = __cr(import.meta.url);',
      },
    },
  },
  ssr: { noExternal: true, external: ["libsql"] },
});
