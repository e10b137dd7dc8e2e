/**
 * Records real full-screen programs for the equality tests: `pnpm exec tsx packages/terminal-checkpoint/scripts/record.ts`
 * (needs vim, htop, less, tmux and mc: `apt-get install vim htop less tmux mc`). Each runs in a real PTY in an empty home, with
 * neutral names, is typed at, and gets another size in the middle. Writes test/recordings/<name>.bin and .json.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type IPty, spawn } from "@lydell/node-pty";

/** What is kept of one program. Cut at the bound. */
const RECORDING_BYTES_MAX = 200 * 1024;
/** A program has answered when it printed nothing for so long. */
const QUIET_MS = 250;
const ANSWER_MS_MAX = 3_000;
const FIRST_SIZE = { cols: 100, rows: 30 };
const SECOND_SIZE = { cols: 84, rows: 24 };

const target = path.resolve(import.meta.dirname, "../test/recordings");

interface Program {
  readonly name: string;
  readonly command: readonly string[];
  /** Keys, one answer awaited after each; "RESIZE" is the size change. */
  readonly keys: readonly string[];
}

const PROGRAMS: readonly Program[] = [
  {
    name: "vim",
    command: ["vim", "-u", "NONE", "-N", "-c", "syntax on | set number hlsearch", "notes.c"],
    keys: [
      "Go",
      "int main(void) { return 0; } // — “x” 世界",
      "\x1b",
      "/int\r",
      "n",
      "RESIZE",
      "gg",
      ":split\r",
      "dd",
      "u",
      ":q!\r",
      ":q!\r",
    ],
  },
  {
    name: "less",
    command: ["less", "-R", "long.txt"],
    keys: [" ", " ", "b", "/line 77\r", "n", "RESIZE", "G", "g", "k", "j", "q"],
  },
  { name: "htop", command: ["htop", "-d", "5"], keys: ["j", "j", "k", "\x1bOQ", "\x1b", "RESIZE", "t", "j", "q"] },
  {
    name: "tmux",
    command: ["tmux", "-L", "recording", "-f", "/dev/null", "new-session", "sh"],
    keys: [
      "cat long.txt\r",
      "\x02%",
      "ls -la\r",
      '\x02"',
      "RESIZE",
      "printf '\\033[7mhello\\033[m\\n'\r",
      "\x02o",
      "\x02z",
      "\x02:kill-server\r",
    ],
  },
  {
    name: "mc",
    command: ["mc", "-x", "-u"],
    keys: ["\x1b[B", "\x1b[B", "\t", "\x1b[13~", "RESIZE", "\x1b[21~", "\x1b[B", "\x1b[21~", "\r"],
  },
];

for (const program of PROGRAMS) await record(program);

async function record({ name, command, keys }: Program): Promise<void> {
  const home = mkdtempSync(path.join(tmpdir(), "home-"));
  writeFileSync(path.join(home, "notes.c"), "/* notes */\n#include <stdio.h>\n");
  const lines = Array.from(
    { length: 300 },
    (_, index) => `\x1b[3${index % 8}mline ${index}\x1b[m ${"word ".repeat(index % 30)}`,
  );
  writeFileSync(path.join(home, "long.txt"), `${lines.join("\n")}\n`);
  const environment = {
    PATH: "/usr/bin:/bin",
    HOME: home,
    PWD: home,
    TERM: "xterm-256color",
    LANG: "C.UTF-8",
    PS1: "$ ",
    USER: "demo",
  };
  // a namespace of its own: a neutral host name, no processes but its own, and the home at a neutral place
  const setup = `mount --bind ${home} /mnt && mount -t proc proc /proc && hostname demo && cd /mnt && HOME=/mnt PWD=/mnt exec "$@"`;
  const inner = ["--uts", "--mount", "--pid", "--fork", "sh", "-c", setup, "sh", ...command];
  const pty = spawn("unshare", inner, { ...FIRST_SIZE, cwd: home, env: environment, encoding: null });
  const chunks: Buffer[] = [];
  let resizedAt = 0;
  pty.onData((data) => chunks.push(Buffer.from(data as unknown as Uint8Array)));
  await quiet(pty);
  for (const key of keys) {
    if (key === "RESIZE") {
      resizedAt = Buffer.concat(chunks).length;
      pty.resize(SECOND_SIZE.cols, SECOND_SIZE.rows);
    } else pty.write(key);
    await quiet(pty);
  }
  pty.kill();
  rmSync(home, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  const bytes = Buffer.concat(chunks).subarray(0, RECORDING_BYTES_MAX);
  const sizes = [
    { at: 0, ...FIRST_SIZE },
    { at: Math.min(resizedAt, bytes.length), ...SECOND_SIZE },
  ];
  writeFileSync(path.join(target, `${name}.bin`), bytes);
  writeFileSync(path.join(target, `${name}.json`), `${JSON.stringify({ sizes }, undefined, 2)}\n`);
  console.log(`${name}: ${bytes.length} bytes, resized at ${resizedAt}`);
}

function quiet(pty: IPty): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(silence);
      clearTimeout(limit);
      listener.dispose();
      resolve();
    };
    let silence = setTimeout(done, QUIET_MS);
    const limit = setTimeout(done, ANSWER_MS_MAX);
    const listener = pty.onData(() => {
      clearTimeout(silence);
      silence = setTimeout(done, QUIET_MS);
    });
  });
}
