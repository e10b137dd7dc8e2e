import type { SignInMethodName } from "@causeway/wire-contract/identity";
import type { Problem } from "@causeway/wire-contract/problem";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Icon } from "../../lib/icons.tsx";
import { StateShape } from "../../ui/state-shape.tsx";
import type { SignInApi } from "./sign-in-api.ts";
import { SignInCard } from "./sign-in-card.tsx";

interface Props {
  api: SignInApi;
  /** @param region whose list she wants to see first, where she said so */
  onSignedIn(region?: string): void;
  /** Beside host and version. */
  help?: ReactNode;
  /** How this browser's last login ended, where it did not end here. */
  ended?: Problem | undefined;
  launchFailure?: unknown;
  oidcFailure?: unknown;
  first?: SignInMethodName;
  /** Host of this console, as the address bar shows it. */
  host: string;
}

export function SignInPage({ host, ended, help, ...card }: Props) {
  const { api } = card;
  const options = useQuery({ queryKey: ["sign-in-options"], queryFn: ({ signal }) => api.signInOptions(signal) });
  return (
    <div className="sign-in">
      <section className="hero" aria-label="About Causeway">
        <div className="brand">
          <Icon name="logo" />
          Causeway
        </div>
        <h1>A shell on any instance, with your own AWS identity.</h1>
        <p className="lead">
          No open ports, no shared keys. Pick an instance and type. Bring a teammate in with a link, lose the network,
          and come back to the same shell.
        </p>
        <Scene />
        <div className="hero-foot">
          <span>Self-hosted · {host}</span>
          {options.data && <span className="num">v{options.data.version}</span>}
          {help}
        </div>
      </section>
      <main className="panel">
        <div className="panel-in">
          <div className="brand narrow-only">
            <Icon name="logo" />
            Causeway
          </div>
          <h2>Sign in</h2>
          <p className="t2">Causeway acts with your own permissions, never more.</p>
          {ended && (
            <div className="banner warn" role="status">
              <Icon name="key" />
              <div className="grow">
                <b>{ended.title}.</b> {ended.cause} {ended.remedy}
              </div>
            </div>
          )}
          <SignInCard {...card} />
        </div>
      </main>
    </div>
  );
}

/** A still of the product, for the eye only. */
function Scene() {
  return (
    <div className="scene" aria-hidden="true">
      <div className="scene-head">
        <StateShape shape="online" label="" />
        <b className="med">checkout-api-04</b>
        <span className="t3 mono">eu-west-1a</span>
        <span className="scene-people end-aligned">
          {/* nobody real: they have the first colours */}
          {["dana", "kofi", "mira"].map((name, at) => (
            <span key={name} className="av sm" style={{ background: `var(--presence-${at + 1})` }}>
              {name.slice(0, 1)}
            </span>
          ))}
        </span>
      </div>
      <pre>
        <Prompt /> checkoutctl pool show{"\n"}
        <span className="a8">{"db      in_use  max  waiting  oldest_tx"}</span>
        {"\norders  "}
        <b className="a1">{"    40   40       11"}</b>
        {"   "}
        <span className="a3">00:14:09</span>
        {"\nstock        7   40        0   00:00:01\n"}
        <Prompt /> sudo checkoutctl pool set --max 80
        <span className="scene-cursor" data-who="dana">
          {" "}
        </span>
      </pre>
    </div>
  );
}

function Prompt() {
  return (
    <>
      <span className="a2">ops@checkout-api-04</span>
      <span className="a8">:</span>
      <span className="a4">~</span>
      <span className="a8">$</span>
    </>
  );
}
