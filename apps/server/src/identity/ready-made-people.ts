import { type Static, Type } from "typebox";
import { Compile } from "typebox/compile";
import { CatalogError } from "../platform/catalog-error.ts";
import { PrivateFileError, readPrivateFile } from "../platform/private-file.ts";
import type { AwsCredentials } from "./aws-identity.ts";

/** More people than a sign-in page can show are a mistake in the file. */
const PEOPLE_MAX = 100;

const Text = Type.String({ minLength: 1, maxLength: 256 });
const PeopleFile = Type.Object({
  version: Type.Literal(1),
  people: Type.Array(
    Type.Object({
      id: Type.String({ minLength: 1, maxLength: 64 }),
      name: Text,
      role: Text,
      description: Type.String({ maxLength: 1_000 }),
      accessKeyId: Text,
      secretAccessKey: Text,
      sessionToken: Type.Optional(Type.String({ minLength: 1, maxLength: 4_096 })),
      expiresAt: Type.Optional(Type.String({ minLength: 20, maxLength: 40 })),
    }),
    { maxItems: PEOPLE_MAX },
  ),
});
export type ReadyMadePersonWithKeys = Static<typeof PeopleFile>["people"][number];

const peopleFile = Compile(PeopleFile);

/**
 * The people who can sign in without typing keys. The file is read anew each time: a restarted sandbox writes new keys.
 * @throws CatalogError SIGN_IN_METHOD_OFF when it cannot be used; the cause says why, for the log
 */
export function readReadyMadePeople(path: string): readonly ReadyMadePersonWithKeys[] {
  let text: string;
  try {
    text = readPrivateFile(path).toString("utf8");
  } catch (error) {
    if (error instanceof PrivateFileError) throw new CatalogError("SIGN_IN_METHOD_OFF", { cause: error });
    throw error;
  }
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    // The parser's own message quotes the text, keys included.
    throw new CatalogError("SIGN_IN_METHOD_OFF", { cause: new Error("the people file is not JSON") });
  }
  if (!peopleFile.Check(content))
    throw new CatalogError("SIGN_IN_METHOD_OFF", { cause: new Error("the people file does not have the known form") });
  return content.people;
}

/**
 * The keys that a person has in the file now; undefined: there is no such person in it.
 * @throws CatalogError SIGN_IN_METHOD_OFF
 */
export function readyMadeCredentials(path: string, personId: string): AwsCredentials | undefined {
  const found = readReadyMadePeople(path).find((person) => person.id === personId);
  if (found === undefined) return undefined;
  const { accessKeyId, secretAccessKey, sessionToken, expiresAt } = found;
  const expiresAtMs = expiresAt === undefined ? Number.NaN : Date.parse(expiresAt);
  return {
    accessKeyId,
    secretAccessKey,
    ...(sessionToken === undefined ? {} : { sessionToken }),
    ...(Number.isNaN(expiresAtMs) ? {} : { expiresAtMs }),
  };
}
