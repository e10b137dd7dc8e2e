/**
 * How every process of a machine is started: without the descriptors that it would inherit. The pty library leaves the
 * master of each open terminal inheritable, so a shell could otherwise read and type into the shells of other sessions
 * (seen as /dev/ptmx in /proc/self/fd).
 */
import { ELEVATED_USER, type MachineHome, shellPath } from "./home-directory.ts";

/** `stty iutf8`: erasing in a line that the terminal edits removes a character, not a byte. */
const CLOSE_AND_EXEC = `
for fd in /proc/$$/fd/* /dev/fd/*; do
  fd=\${fd##*/}
  case $fd in *[!0-9]*|0|1|2) ;; *) eval "exec $fd>&-" 2>/dev/null ;; esac
done
[ -t 0 ] && stty iutf8 2>/dev/null
unset fd OLDPWD
SHLVL=0
exec "$@"
`;

/** @returns file and arguments of a process that becomes `command` on the machine; only descriptors 0, 1 and 2 are left open */
export function cleanExec(asked: readonly string[], { enter, user }: MachineHome): { file: string; args: string[] } {
  const command = enter?.(asked, user === ELEVATED_USER) ?? asked;
  return {
    file: shellPath(),
    args: [...(shellPath().endsWith("bash") ? ["--norc", "--noprofile"] : []), "-c", CLOSE_AND_EXEC, "sh", ...command],
  };
}
