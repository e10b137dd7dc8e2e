/** The sandbox's admin API, as far as schedules need it. */
import { readFileSync } from "node:fs";

export interface AccessKeys {
  accessKeyId: string;
  secretAccessKey: string;
}

interface PeopleFile {
  adminToken: string;
  people: ({ id: string } & AccessKeys)[];
}

export class SandboxControl {
  readonly #origin: string;
  readonly #peopleFile: string;

  /** @param origin of the sandbox itself, not of a proxy: what makes the trouble must not suffer it */
  constructor(origin: string, peopleFile: string) {
    this.#origin = origin;
    this.#peopleFile = peopleFile;
  }

  /** The newest keys of a person. @throws Error when nobody is called so */
  keysOf(personId: string): AccessKeys {
    const person = this.#read().people.find(({ id }) => id === personId);
    if (person === undefined) throw new Error(`the sandbox has no ${personId}`);
    const { accessKeyId, secretAccessKey } = person;
    return { accessKeyId, secretAccessKey };
  }

  /** Replaces the plan of faults; an empty one ends all. */
  async setFaults(plan: object): Promise<void> {
    await this.#call("PUT", "/faults", plan);
  }

  /** @returns how many sockets were met */
  async cut(cut: { end: string; how: string; forMs: number }): Promise<number> {
    const { sockets } = (await this.#call("POST", "/faults/cut", cut)) as { sockets: number };
    return sockets;
  }

  async expireKeys(personId: string): Promise<void> {
    await this.#call("POST", `/people/${personId}/expire`);
  }

  async renewKeys(personId: string): Promise<void> {
    await this.#call("POST", `/people/${personId}/renew`, {});
  }

  #read(): PeopleFile {
    return JSON.parse(readFileSync(this.#peopleFile, "utf8")) as PeopleFile;
  }

  async #call(method: string, path: string, body?: object): Promise<unknown> {
    const response = await fetch(`${this.#origin}/_sandbox${path}`, {
      method,
      headers: { authorization: `Bearer ${this.#read().adminToken}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`the sandbox answered ${method} ${path} with ${response.status}: ${text}`);
    return text === "" ? {} : JSON.parse(text);
  }
}
