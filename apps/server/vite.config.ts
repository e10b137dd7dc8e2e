import { defineConfig } from "vite";

export default defineConfig({
  build: {
    ssr: "src/main.ts",
    outDir: "dist",
    target: "node20",
    minify: false,
    sourcemap: true,
    rolldownOptions: {
      output: {
        entryFileNames: "[name].js",
        banner: 'import { createRequire as __cr } from "node:module"; const require = __cr(import.meta.url);',
      },
    },
  },
  ssr: { noExternal: true, external: ["libsql"] },
});
