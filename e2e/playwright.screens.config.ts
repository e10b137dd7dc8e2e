import { defineConfig } from "@playwright/test";
import config, { WEBGL } from "./playwright.config.ts";

/** `pnpm screens`: the pictures under docs/screens, taken from the built product. */
export default defineConfig({ ...config, testDir: "screens", projects: [{ name: "screens", use: WEBGL }] });
