// Hands the ready-made people's keys to whoever may read one 0600 file: they are shells' keys, and never go through stdout, an
// argument or the environment.
import { randomBytes } from "node:crypto";
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import type { AccessKey } from "./credential-store.ts";
import type { Person } from "./people.ts";

export interface PeopleFile {
  version: 1;
  endpointUrl: string;
  /** Bearer token of `/_sandbox/…`. */
  adminToken: string;
  /** What the page of the sandbox's Identity Center asks for. */
  portalPasscode: string;
  people: (AccessKey & { id: string; name: string; role: string; description: string })[];
}

export function describePeople(
  endpointUrl: string,
  adminToken: string,
  portalPasscode: string,
  people: readonly { person: Person; key: AccessKey }[],
): PeopleFile {
  return {
    version: 1,
    endpointUrl,
    adminToken,
    portalPasscode,
    people: people.map(({ person, key }) => ({
      id: person.id,
      name: person.name,
      role: person.role,
      description: person.description,
      ...key,
    })),
  };
}

/**
 * Replaces the file in one step. A reader sees the old one or the new one, never half of it; a symbolic link at the path is
 * replaced, not followed, and an old file's wider permissions do not survive.
 */
export async function writePeopleFile(path: string, content: PeopleFile): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomBytes(6).toString("hex")}`;
  const file = await open(draft, "wx", 0o600);
  try {
    await file.chmod(0o600); // the umask may have taken bits, never added any; this makes it exact
    await file.writeFile(`${JSON.stringify(content, null, 2)}\n`);
  } finally {
    await file.close();
  }
  await rename(draft, path).catch(async (error: unknown) => {
    await rm(draft, { force: true });
    throw error;
  });
}

/** Removes the file when it is still the one of this start; a sandbox that was started since has put its own there. */
export async function removePeopleFile(path: string, adminToken: string): Promise<void> {
  const text = await readFile(path, "utf8").catch(() => "");
  if (text.includes(adminToken)) await rm(path, { force: true });
}
