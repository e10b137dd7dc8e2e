/**
 * Every test over HTTP is a test for leaks: what is secret in it is told to this watch, and when its server closes none of
 * that may stand in the log, an answer, the metrics or a file of the data directory. New ways of signing in and new routes
 * are watched without a line of their own.
 */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** A secret shorter than this would be found by chance. */
const SECRET_CHARACTERS_MIN = 10;
/** Answers and headers of one server; a test that asks more often is watched for the last ones. */
const ANSWERS_MAX = 2_000;

export class LeakWatch {
  readonly #secrets = new Map<string, string>();
  #answers: string[] = [];

  /** @param kind what a failure calls it: never the value itself */
  addSecret(kind: string, value: string): void {
    if (value.length < SECRET_CHARACTERS_MIN) throw new Error(`${kind} is too short to be looked for`);
    this.#secrets.set(value, kind);
  }

  addAnswer(text: string): void {
    this.#answers.push(text);
    if (this.#answers.length > ANSWERS_MAX) this.#answers = this.#answers.slice(-ANSWERS_MAX / 2);
  }

  /** @returns "the secret key in file causeway.db", for each secret that was found; none is what a test wants */
  leaksIn({ log, metrics, dataDir }: { log: string; metrics: string; dataDir: string }): string[] {
    const places = new Map([
      ["the log", log],
      ["an answer", this.#answers.join("\n")],
      ["the metrics", metrics],
    ]);
    for (const file of readdirSync(dataDir, { recursive: true, encoding: "utf8" })) {
      const path = join(dataDir, file);
      // The printed link is a file by design: 0600, and replaced with each use.
      if (file !== "launch-url" && statSync(path).isFile()) places.set(`file ${file}`, readFileSync(path, "latin1"));
    }
    const forms = this.#formsByStart();
    const found = new Set<string>();
    for (const [place, text] of places) for (const kind of kindsIn(text, forms)) found.add(`${kind} in ${place}`);
    return [...found];
  }

  #formsByStart(): ReadonlyMap<string, readonly Form[]> {
    const forms = new Map<string, Form[]>();
    for (const [secret, kind] of this.#secrets)
      for (const text of formsOf(secret)) {
        const start = text.slice(0, SECRET_CHARACTERS_MIN);
        forms.set(start, [...(forms.get(start) ?? []), { text, kind }]);
      }
    return forms;
  }
}

interface Form {
  text: string;
  kind: string;
}

/** One pass over the text, however many secrets there are: a long test has hundreds of cookies. */
function kindsIn(text: string, forms: ReadonlyMap<string, readonly Form[]>): Set<string> {
  const kinds = new Set<string>();
  for (let at = 0; at + SECRET_CHARACTERS_MIN <= text.length; at++)
    for (const form of forms.get(text.slice(at, at + SECRET_CHARACTERS_MIN)) ?? [])
      if (text.startsWith(form.text, at)) kinds.add(form.kind);
  return kinds;
}

/** As it is, as it stands in an address, in JSON, and in the base64 of a header. */
function formsOf(secret: string): string[] {
  return [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    Buffer.from(secret).toString("base64").replace(/=+$/, "").slice(0, -1),
  ];
}
