/** Whether the server can do its work, for somebody who is not signed in yet: what /readyz says, in words. */
import { useQuery } from "@tanstack/react-query";
import { type Static, Type } from "typebox";
import { Value } from "typebox/value";
import { StateShape } from "../../ui/state-shape.tsx";

const Readiness = Type.Object({
  status: Type.Union([Type.Literal("ready"), Type.Literal("not ready")]),
  checks: Type.Record(Type.String(), Type.Union([Type.Literal("ok"), Type.Literal("failed")])),
});
export type Readiness = Static<typeof Readiness>;

/** Names of the server's checks, in words. */
const WORDS: Readonly<Record<string, string>> = {
  store: "Database",
  audit: "Audit",
  "session-logs": "Output of sessions is stored",
  people: "People of the sandbox",
};

/** The answer is the same with 200 and with 503. @throws when it is none of ours */
export async function askReadiness(ask: typeof fetch, signal: AbortSignal): Promise<Readiness> {
  const response = await ask("/readyz", { signal, cache: "no-store" });
  const answer: unknown = await response.json();
  if (!Value.Check(Readiness, answer)) throw new Error(`/readyz answered ${response.status} with something unexpected`);
  return answer;
}

export function ServerStatus({ ask }: { ask(signal: AbortSignal): Promise<Readiness> }) {
  const { data, isError } = useQuery({
    queryKey: ["readiness"],
    queryFn: ({ signal }) => ask(signal),
    staleTime: 0,
    gcTime: 0,
  });
  return (
    <>
      <p role="status">{isError ? "It does not answer." : summaryOf(data)}</p>
      {data && !isError && (
        <ul className="status-checks">
          {Object.entries(data.checks).map(([name, result]) => (
            <li key={name}>
              <StateShape shape={result === "ok" ? "online" : "failed"} label="" />
              <span className="grow">{WORDS[name] ?? name}</span>
              <span className="t3">{result}</span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function summaryOf(data: Readiness | undefined): string {
  if (data === undefined) return "Asking the server…";
  if (data.status === "ready") return "It can do all of its work.";
  return "It runs, but cannot do all of its work. Whoever runs it finds the reason in its log.";
}
