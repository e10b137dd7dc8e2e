/** What a person who starts the sandbox must know about its shells. */

/** @param uid effective user id of this process, undefined where the platform has none */
export function describeMissingIsolation(uid: number | undefined = process.geteuid?.()): string[] {
  const missing = [
    "Shells of sandbox machines run as the user who started the sandbox and see the same file system.",
    "So a shell can read whatever that user can: the ready-made keys, and the home directories of other machines.",
    "Shells reach the same network as this computer, and the processes of other machines.",
  ];
  if (uid === 0)
    missing.unshift("The sandbox runs as root: so does every shell it gives out. Start it as another user.");
  return missing;
}
