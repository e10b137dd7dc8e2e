import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Console } from "./app/console.ts";
import { ConsoleContext } from "./app/console-context.ts";
import { takeLaunchSecret } from "./app/launch.ts";
import { router } from "./app/router.tsx";
import { takeShareSecret } from "./features/sharing/share-link.ts";
import { Api } from "./lib/api.ts";
import { ApiClient } from "./lib/api-client.ts";
import { IconSprite } from "./lib/icons.tsx";
import { browserThemeHost, ThemeController } from "./lib/theme.ts";
import "./styles.css";

const takeLink = () => takeShareSecret(window.location, window.history);
const takenLink = takeLink();
const secret = takeLaunchSecret(window.location, window.history);
const api = new Api(new ApiClient({ fetch: (input, init) => fetch(input, init) }));
const launchFailure = secret === undefined ? undefined : await api.launch({ secret }).catch((error: unknown) => error);
const app = new Console({ api, theme: new ThemeController(browserThemeHost()), launchFailure });

app.takenLink = takenLink;
// the whole link once more, in a page that stands at its address already
window.addEventListener("hashchange", () => {
  const again = takeLink();
  if (again === undefined) return;
  app.takenLink = again;
  void app.queries.resetQueries({ queryKey: ["shared", again.shareId] });
});

// not while developing: a page of a server that is off would only be in the way. Where it may not be, nothing is lost but the offline page
if (import.meta.env.PROD) void navigator.serviceWorker?.register("/service-worker.js").catch(() => undefined);

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root");
createRoot(root).render(
  <StrictMode>
    <IconSprite />
    <ConsoleContext value={app}>
      <QueryClientProvider client={app.queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </ConsoleContext>
  </StrictMode>,
);
