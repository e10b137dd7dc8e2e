import type { Me } from "@causeway/wire-contract/identity";
import { useQuery } from "@tanstack/react-query";
import { Navigate, useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { ApiProblem } from "../lib/api-client.ts";
import { useConsole } from "./console-context.ts";
import { PageFailure } from "./page-failure.tsx";

/** A page for who is signed in, with the way back to the terminals; everybody else is led to where one signs in. */
export function ForMe({ children }: { children: (me: Me, onLeave: () => void) => ReactNode }) {
  const app = useConsole();
  const me = useQuery(app.meQuery);
  const navigate = useNavigate();
  if (me.data) return children(me.data, () => void navigate({ to: "/" }));
  if (me.error instanceof ApiProblem && me.error.problem.status === 401) return <Navigate to="/sign-in" replace />;
  if (me.isError) return <PageFailure error={me.error} onRetry={() => void me.refetch()} />;
  return null;
}
