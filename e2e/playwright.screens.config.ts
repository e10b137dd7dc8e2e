import { defineConfig } from "@playwright/test";
import config from "./playwright.config.ts";

/** `pnpm screens`: the pictures under docs/screens, taken from the built product. */
export default defineConfig(config, { testDir: "screens" });
