/** How far a program says it is (OSC 9;4, as ConEmu began it): `4;<state>;<percent>`. Pure. */

export interface ProgramProgress {
  kind: "running" | "failed" | "waiting" | "unknown";
  /** 0 to 100; absent where the program does not know. */
  percent?: number;
}

const KINDS: Readonly<Record<string, ProgramProgress["kind"]>> = {
  "1": "running",
  "2": "failed",
  "3": "unknown",
  "4": "waiting",
};

/** @returns undefined: this is not about progress; "gone": there is none any more */
export function programProgress(data: string): ProgramProgress | "gone" | undefined {
  const [command, state = "", value = ""] = data.split(";");
  if (command !== "4") return undefined;
  if (state === "0") return "gone";
  const kind = KINDS[state];
  if (kind === undefined || !/^\d{0,3}$/.test(value)) return undefined;
  return kind === "unknown" || value === "" ? { kind } : { kind, percent: Math.min(100, Number(value)) };
}
