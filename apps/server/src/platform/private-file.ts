import { randomBytes } from "node:crypto";
import {
  chmodSync,
  closeSync,
  constants,
  existsSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";

/** Files and folders that only the server's own user may read: 0600 and 0700, and no symbolic links for files. */
const FILE_MODE = 0o600;
const DIRECTORY_MODE = 0o700;
const OPEN_TO_OTHERS = 0o077;
/** Largest private file that is read whole: keys and the people's file are far smaller. */
const READ_BYTES_MAX = 1024 * 1024;

/** The message is one plain line for the operator. */
export class PrivateFileError extends Error {}

/** Creates the folder 0700, or takes rights of others away from one that is ours. @throws PrivateFileError */
export function makePrivateDirectory(path: string): void {
  try {
    makeDirectories(path);
    const stat = statSync(path);
    if (!stat.isDirectory()) throw new PrivateFileError(`${path} is not a directory.`);
    if (!isOurs(stat.uid)) throw new PrivateFileError(`${path} belongs to another user.`);
    if ((stat.mode & OPEN_TO_OTHERS) !== 0) chmodSync(path, DIRECTORY_MODE);
  } catch (error) {
    throw asPrivateFileError(error, path);
  }
}

/**
 * With its parents. Not Node's `recursive`, which never returns where a directory says that a new one below it does not
 * exist, as all do in /proc.
 */
function makeDirectories(path: string): void {
  try {
    mkdirSync(path, { mode: DIRECTORY_MODE });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") return;
    const parent = dirname(path);
    if (code !== "ENOENT" || parent === path) throw error;
    if (existsSync(parent))
      throw new PrivateFileError(`${path} cannot be created: its file system takes no directories.`, { cause: error });
    makeDirectories(parent);
    mkdirSync(path, { mode: DIRECTORY_MODE });
  }
}

/** Creates an empty file 0600, or takes rights of others away from one that is ours. @throws PrivateFileError */
export function makePrivateFile(path: string): void {
  try {
    const fd = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, FILE_MODE);
    try {
      const stat = fstatSync(fd);
      if (!stat.isFile()) throw new PrivateFileError(`${path} is not a file.`);
      if (!isOurs(stat.uid)) throw new PrivateFileError(`${path} belongs to another user.`);
    } finally {
      closeSync(fd);
    }
    chmodSync(path, FILE_MODE);
  } catch (error) {
    throw asPrivateFileError(error, path);
  }
}

/**
 * Reads a file that holds secrets; one that others could read or have written is refused, not repaired.
 * Checked on the open descriptor, so that nobody swaps the file in between.
 * @throws PrivateFileError
 */
export function readPrivateFile(path: string): Buffer {
  let fd: number | undefined;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    const stat = fstatSync(fd);
    if (!stat.isFile()) throw new PrivateFileError(`${path} is not a file.`);
    if (!isOurs(stat.uid)) throw new PrivateFileError(`${path} belongs to another user.`);
    if ((stat.mode & OPEN_TO_OTHERS) !== 0)
      throw new PrivateFileError(`${path} can be read by other users: chmod 600 ${path}`);
    if (stat.size > READ_BYTES_MAX) throw new PrivateFileError(`${path} is larger than 1 MiB.`);
    return readFileSync(fd);
  } catch (error) {
    throw asPrivateFileError(error, path);
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

/** Writes 0600 under another name, then renames: a reader sees the old content or the new, never half of it. */
export function replacePrivateFile(path: string, content: string): void {
  const temporary = `${path}.${randomBytes(6).toString("hex")}.new`;
  try {
    writeNewFile(temporary, content);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw asPrivateFileError(error, path);
  }
}

/** Creates the file 0600 with this content. @returns false when it exists already */
export function createPrivateFile(path: string, content: string): boolean {
  try {
    writeNewFile(path, content);
    syncDirectory(dirname(path));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw asPrivateFileError(error, path);
  }
}

function writeNewFile(path: string, content: string): void {
  const fd = openSync(
    path,
    constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW,
    FILE_MODE,
  );
  try {
    writeSync(fd, content);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** A new key must survive a power cut together with what it encrypted. */
function syncDirectory(path: string): void {
  const fd = openSync(path, constants.O_RDONLY);
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function isOurs(uid: number): boolean {
  return process.getuid === undefined || uid === process.getuid();
}

const PLAIN_WORDS: Readonly<Record<string, string>> = {
  ENOENT: "does not exist",
  EACCES: "may not be accessed by this user",
  EPERM: "may not be changed by this user",
  ELOOP: "is a symbolic link, which is not followed",
  ENOTDIR: "lies below something that is not a directory",
  EEXIST: "is not a directory",
  EISDIR: "is a directory",
  ENOSPC: "cannot be written: the disk is full",
  EROFS: "cannot be written: the file system is read-only",
};

function asPrivateFileError(error: unknown, path: string): PrivateFileError {
  if (error instanceof PrivateFileError) return error;
  const code = (error as NodeJS.ErrnoException).code ?? "";
  return new PrivateFileError(`${path} ${PLAIN_WORDS[code] ?? `cannot be used (${code})`}.`, { cause: error });
}
