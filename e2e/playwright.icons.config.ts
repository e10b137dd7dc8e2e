import { defineConfig } from "@playwright/test";
import config from "./playwright.config.ts";

/** `pnpm icons`: the icons of the installed app. */
export default defineConfig({ ...config, testDir: "icons", projects: [{ name: "icons" }] });
