/**
 * What makes a machine a place of its own: a script that runs as root of a user namespace of its own, in mount, process, network, host
 * name and IPC namespaces of their own. It builds a root with the system's programs read-only, an empty /tmp and the machine's home,
 * leaves the real root behind, says where it is, and becomes the machine's first process.
 *
 * Its network is a loopback that leads nowhere else; a computer without ip(8) whose /sys may not be mounted gives it none.
 *
 * Arguments: an empty folder to mount on, the home, host name, the system's name, the script of the first process.
 * When the sandbox goes, the first process reads the end of its input and ends, and the kernel ends everything in the namespace.
 */

/** In memory, each: what a shell may leave outside its home. */
const TMP_SIZE = "64m";

/** Where the machine's home is, for its own processes. */
export const HOME_INSIDE = "/home/ssm-user";
/** The one user there; whoever started the sandbox, seen from outside. */
export const UID_INSIDE = 1000;

/**
 * All that is mounted is a table for one mount(8): a process for each would cost twice as much as the rest of the machine's start. What
 * the machine shares with this computer is also nosuid and nodev: where the kernel locks these, a mount without them cannot be made
 * read-only, and nothing in the machine needs the contrary.
 */
export const SPACE_SCRIPT = `set -eu
root=$1 home=$2 name=$3 system=$4 first=$5
read -r pid _ < /proc/self/stat
umask 022
hostname "$name"
if ! ip link set lo up 2>/dev/null; then
  if mount -t sysfs none "$root" 2>/dev/null; then echo 9 > "$root/class/net/lo/flags" || :; umount "$root"; fi
fi
mount -t tmpfs -o mode=0755,size=1m tmpfs "$root"
cd "$root"
table='' folders='' links=''
escaped() {
  path=$1
  path=\${path//\\\\/\\\\134} path=\${path// /\\\\040} path=\${path//$'\\t'/\\\\011} path=\${path//$'\\n'/\\\\012}
}
escaped "$root"; place=$path
add() { escaped "$1"; table+="$path $place/$2 $3 $4 0 0"$'\\n'; }
read_only() { add "$1" "$2" none rbind,ro,nosuid,nodev; }
read_only /usr usr
for each in bin sbin lib lib32 lib64 libx32; do
  if [ -L "/$each" ]; then links+=" /$each"
  elif [ -d "/$each" ]; then folders+=" $each"; read_only "/$each" "$each"; fi
done
files=''
for each in alternatives ld.so.cache terminfo localtime inputrc nanorc vim bash_completion.d; do
  if [ -d "/etc/$each" ]; then folders+=" etc/$each"; read_only "/etc/$each" "etc/$each"
  elif [ -e "/etc/$each" ]; then files+=" etc/$each"; read_only "/etc/$each" "etc/$each"; fi
done
add "$home" home/ssm-user none bind
add tmpfs tmp tmpfs mode=1777,nosuid,nodev,size=${TMP_SIZE}
add proc proc proc nosuid,nodev,noexec
for each in sys sysrq-trigger irq bus fs acpi; do
  if [ -e "/proc/$each" ]; then add "$root/proc/$each" "proc/$each" none rbind,ro,nosuid,nodev,noexec; fi
done
for each in null zero full random urandom tty; do files+=" dev/$each"; add "/dev/$each" "dev/$each" none bind; done
add tmpfs dev/shm tmpfs mode=1777,nosuid,nodev,size=${TMP_SIZE}
add devpts dev/pts devpts newinstance,ptmxmode=0666,mode=0620
mkdir -p usr etc proc dev/pts dev/shm tmp home/ssm-user var old $folders
for each in $files; do : > "$each"; done
if [ -n "$links" ]; then cp -P $links .; fi
ln -s ../tmp var/tmp
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
ln -s fd/0 dev/stdin
ln -s fd/1 dev/stdout
ln -s fd/2 dev/stderr
printf 'root:x:0:0:root:/:/bin/sh\\nssm-user:x:${UID_INSIDE}:${UID_INSIDE}::${HOME_INSIDE}:/bin/bash\\n' > etc/passwd
printf 'root:x:0:\\nssm-user:x:${UID_INSIDE}:\\n' > etc/group
printf '127.0.0.1 localhost %s\\n' "$name" > etc/hosts
printf '%s\\n' "$name" > etc/hostname
printf 'PRETTY_NAME="%s"\\nNAME="%s"\\n' "$system" "$system" > etc/os-release
printf '%s' "$table" > fstab
mount --all --fstab fstab
rm fstab
pivot_root . old
cd /
umount -l /old
rmdir /old
mount -o remount,bind,ro /
printf 'ready %s\\n' "$pid"
exec /bin/bash -c "$first" machine
`;

/** Namespaces that the script wants, for unshare(1) and nsenter(1). */
const NAMESPACES = ["--user", "--mount", "--pid", "--net", "--uts", "--ipc"];

export interface SpaceFacts {
  /** An empty folder; several machines may use the same one. */
  root: string;
  home: string;
  hostName: string;
  /** e.g. Amazon Linux 2023 */
  system: string;
  /** Script of the first process; it ends when its input ends. */
  firstProcess: string;
}

/** @returns what to run outside */
export const spaceCommand = ({ root, home, hostName, system, firstProcess }: SpaceFacts): string[] => [
  "unshare",
  "--map-root-user",
  ...NAMESPACES,
  "--fork",
  "--kill-child",
  "--",
  "/bin/bash",
  "-c",
  SPACE_SCRIPT,
  "machine",
  root,
  home,
  hostName,
  system,
  firstProcess,
];

/** As the one user, without a capability: files of others are out of reach, and the mounts cannot be changed. */
export const AS_USER: readonly string[] = [
  "unshare",
  "--user",
  `--map-user=${UID_INSIDE}`,
  `--map-group=${UID_INSIDE}`,
  "--",
];

/** As root, by name: of a user namespace that owns nothing, so no more can be changed than by the user. */
const AS_ROOT: readonly string[] = ["unshare", "--user", "--map-root-user", "--"];

const enterPlace = (pid: number, namespaces: readonly string[]): string[] => [
  "nsenter",
  "--preserve-credentials",
  "--target",
  String(pid),
  ...namespaces,
  "--",
];

/** @returns what to run outside so that the sandbox's own command runs in the machine's network, with nothing else of the machine */
export const enterNetworkCommand = (pid: number, command: readonly string[]): string[] => [
  ...enterPlace(pid, ["--user", "--net"]),
  ...command,
];

/** @param pid of the machine's first process, as seen from outside @returns what to run outside */
export const enterCommand = (pid: number, command: readonly string[], isElevated: boolean): string[] => [
  ...enterPlace(pid, NAMESPACES),
  ...(isElevated ? AS_ROOT : AS_USER),
  "/bin/sh",
  "-c",
  'cd "$HOME" && exec "$@"',
  "machine",
  ...command,
];
